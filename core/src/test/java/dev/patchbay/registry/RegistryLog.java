package dev.patchbay.registry;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a registry prints, read by a thread of its own until the registry ends. */
final class RegistryLog {
    private static final long PATIENCE_SECONDS = 60;

    /** The combined log format: host, identity, user, [time], "request line", status, bytes. */
    private static final Pattern ACCESS = Pattern.compile(
            "\\S+ \\S+ \\S+ \\[[^]]*] \"(\\S+) (\\S+) [^\"]*\" ([0-9]{3}) .*");

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final List<String> lines = new ArrayList<>(); // under lock
    private boolean ended; // under lock
    private final Thread reader;

    private RegistryLog(InputStream output) {
        reader = Thread.ofPlatform().daemon().name("registry-log").unstarted(() -> read(output));
    }

    static RegistryLog of(InputStream output) {
        var log = new RegistryLog(output);
        log.reader.start();
        return log;
    }

    private void read(InputStream output) {
        try (var in = new BufferedReader(new InputStreamReader(output, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                add(line);
            }
        } catch (IOException e) {
            add("the log cannot be read any more: " + e);
        } finally {
            end();
        }
    }

    private void add(String line) {
        lock.lock();
        try {
            lines.add(line);
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        lock.lock();
        try {
            ended = true;
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a line, which may have come already. Fails with all that was printed if there will be none. */
    String await(Predicate<String> wanted) throws IOException {
        long rest = TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        lock.lock();
        try {
            int next = 0;
            while (true) {
                for (; next < lines.size(); next++) {
                    if (wanted.test(lines.get(next))) {
                        return lines.get(next);
                    }
                }
                if (ended || rest <= 0) {
                    throw new IOException(
                            "the registry does not answer; it said:\n" + String.join("\n", lines));
                }
                rest = news.awaitNanos(rest);
            }
        } catch (InterruptedException e) {
            throw new IOException("interrupted while the registry works", e);
        } finally {
            lock.unlock();
        }
    }

    Stream<RegistryProcess.Request> requests() {
        lock.lock();
        try {
            return List.copyOf(lines)
                    .stream()
                    .map(ACCESS::matcher)
                    .filter(Matcher::matches)
                    .map(found -> new RegistryProcess.Request(found.group(1), found.group(2),
                            Integer.parseInt(found.group(3))));
        } finally {
            lock.unlock();
        }
    }

    void awaitEnd() throws InterruptedException {
        reader.join();
    }
}
