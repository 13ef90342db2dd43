package dev.patchbay.web.daemon;

import dev.patchbay.web.ListenAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/** What no second daemon may have at the same time: root, exec root, pidfile. Given back in the opposite order. */
final class Claims implements AutoCloseable {
    private final Deque<Runnable> releases = new ArrayDeque<>();

    private Claims() {}

    /**
     * Makes all claims of a configuration.
     *
     * @throws UsageException if one cannot be made; then none is held
     */
    static Claims make(Configuration configuration) {
        configuration.listening().addresses().forEach(Claims::checkTls);
        var claims = new Claims();
        try {
            claims.add(DirectoryLock.take("root", configuration.folders().root()));
            // Shared, two daemons would take each other's containers for left-overs and delete them.
            claims.add(DirectoryLock.take("exec-root", configuration.folders().execRoot()));
            configuration.pidfile()
                    .map(Pidfile::write)
                    .ifPresent(pidfile -> claims.releases.push(pidfile::close));
            return claims;
        } catch (UsageException e) {
            claims.close();
            throw e;
        }
    }

    private static void checkTls(ListenAddress address) {
        switch (address) {
            case ListenAddress.Unix _ -> {
                // needs no certificates: the file's owner and mode say who may connect
            }
            case ListenAddress.Tcp tcp -> tcp.tls().ifPresent(files -> {
                checkReadable(Setting.TLSCACERT, files.authority());
                checkReadable(Setting.TLSCERT, files.certificate());
                checkReadable(Setting.TLSKEY, files.key());
            });
        }
    }

    private static void checkReadable(Setting setting, Path file) {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw UsageException.surroundings(
                    "the file " + file + " of " + setting.flag()
                            + " cannot be read; make it, or name another one");
        }
    }

    private void add(DirectoryLock lock) {
        releases.push(lock::close);
    }

    @Override
    public void close() {
        while (!releases.isEmpty()) {
            releases.pop().run();
        }
    }
}
