package dev.patchbay.executor.runc;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells when something in a folder changes. One inotify instance and one thread for all folders. */
final class FolderWatch implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(FolderWatch.class);

    private final WatchService service;

    /**
     * One request of the service at a time. Each wakes the service's thread by a byte in a pipe, with a lock held that this
     * thread needs before it reads on: some 280 at once fill the pipe, and all wait for ever (JDK 25, AbstractPoller).
     */
    private final Lock requests = new ReentrantLock();
    private final Map<WatchKey, Listener> listeners = new ConcurrentHashMap<>();

    /** Hears of changes, on the watch's thread; must not block. */
    interface Listener {
        /**
         * Something changed.
         *
         * @param names the files that changed
         * @param complete whether these are all; the kernel drops changes when there are too many (inotify(7))
         */
        void changed(List<String> names, boolean complete);
    }

    private FolderWatch(WatchService service) {
        this.service = service;
    }

    static FolderWatch open() throws IOException {
        var watch = new FolderWatch(FileSystems.getDefault().newWatchService());
        Thread.ofPlatform().daemon().name("runtime-watch").start(watch::run);
        return watch;
    }

    /** Calls the listener after each change until the key is cancelled. */
    WatchKey register(Path folder, Listener listener) throws IOException {
        requests.lock();
        try {
            WatchKey key = folder.register(service, StandardWatchEventKinds.ENTRY_CREATE,
                    StandardWatchEventKinds.ENTRY_MODIFY);
            listeners.put(key, listener);
            return key;
        } finally {
            requests.unlock();
        }
    }

    void cancel(WatchKey key) {
        requests.lock();
        try {
            key.cancel();
        } finally {
            requests.unlock();
        }
        listeners.remove(key);
    }

    private void run() {
        try {
            while (true) {
                WatchKey key = service.take();
                List<WatchEvent<?>> events = key.pollEvents();
                key.reset();
                Listener listener = listeners.get(key);
                if (listener != null) {
                    tell(listener, events);
                }
            }
        } catch (ClosedWatchServiceException | InterruptedException _) {
            // closed: the thread ends
        }
    }

    // One that fails must not end the thread that tells all others.
    private static void tell(Listener listener, List<WatchEvent<?>> events) {
        try {
            listen(listener, events);
        } catch (RuntimeException | Error e) { // an error, too: the system may be out of threads for a while
            LOG.error("a change of a folder was not heard", e);
        }
    }

    private static void listen(Listener listener, List<WatchEvent<?>> events) {
        var names = new ArrayList<String>();
        boolean complete = true;
        for (WatchEvent<?> event : events) {
            if (event.context() instanceof Path name) {
                names.add(name.toString());
            } else {
                complete = false;
            }
        }
        listener.changed(names, complete);
    }

    @Override
    public void close() throws IOException {
        requests.lock();
        try {
            service.close();
        } finally {
            requests.unlock();
        }
    }
}
