package dev.patchbay.executor.runc;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Tells when something in a folder changes. One inotify instance and one thread for all folders. */
final class LogWatch implements Closeable {
    private final WatchService service;
    private final Map<WatchKey, Runnable> listeners = new ConcurrentHashMap<>();

    private LogWatch(WatchService service) {
        this.service = service;
    }

    static LogWatch open() throws IOException {
        var watch = new LogWatch(FileSystems.getDefault().newWatchService());
        Thread.ofPlatform().daemon().name("runtime-watch").start(watch::run);
        return watch;
    }

    /** Calls the listener, on the watch's thread, after each change until the key is cancelled; it must not block. */
    WatchKey register(Path folder, Runnable listener) throws IOException {
        WatchKey key = folder.register(service, StandardWatchEventKinds.ENTRY_CREATE,
                StandardWatchEventKinds.ENTRY_MODIFY);
        listeners.put(key, listener);
        return key;
    }

    void cancel(WatchKey key) {
        key.cancel();
        listeners.remove(key);
    }

    private void run() {
        try {
            while (true) {
                WatchKey key = service.take();
                // Which file it was does not matter, nor does an overflow: the listener looks for itself.
                key.pollEvents();
                key.reset();
                Runnable listener = listeners.get(key);
                if (listener != null) {
                    listener.run();
                }
            }
        } catch (ClosedWatchServiceException | InterruptedException _) {
            // closed: the thread ends
        }
    }

    @Override
    public void close() throws IOException {
        service.close();
    }
}
