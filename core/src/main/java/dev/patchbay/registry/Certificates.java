package dev.patchbay.registry;

import dev.patchbay.text.Quoted;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * What TLS connections to each host are made with. A folder is looked at for each request, so that changed certificates
 * count at once, and read only when it has changed: connections can be shared only among those with the same context.
 */
final class Certificates {
    private static final int THREADS = 2;
    private static final int WAITING = 10_000;
    private static final int IDLE_SECONDS = 10;

    private final Path root;
    private final Scheduler files = Schedulers.newBoundedElastic(THREADS, WAITING, "registry-files",
            IDLE_SECONDS, true);
    private final Map<Key, Made> made = new ConcurrentHashMap<>();

    Certificates(Path root) {
        this.root = root;
    }

    private record Key(String folder, Trust trust) {}

    private record Made(CertificateFolder.Stamp stamp, SslContext context) {}

    /** The context for a request; fails with {@link RegistryException.Unavailable} if the files cannot be used. */
    Mono<SslContext> context(Request request) {
        return Mono.fromCallable(() -> read(request.origin(), request.trust()))
                .subscribeOn(files)
                .onErrorMap(failure -> failure instanceof IOException
                        || failure instanceof UncheckedIOException
                        || failure instanceof GeneralSecurityException,
                        failure -> RegistryException.Unavailable.lasting(Failures.sentence(request,
                                "cannot be asked, its certificates in " + root + " cannot be used: "
                                        + Quoted.shortened(String.valueOf(failure.getMessage()))),
                                failure));
    }

    private SslContext read(Origin origin, Trust trust) throws IOException, GeneralSecurityException {
        var folder = CertificateFolder.of(root, origin);
        var key = new Key(origin.authority(), trust);
        var stamp = folder.stamp();
        Made known = made.get(key);
        if (known != null && known.stamp().equals(stamp)) {
            return known.context();
        }
        // No entry but the default one grows without a folder that somebody made.
        var shared = stamp.files().isEmpty() ? new Key("", trust) : key;
        Made fresh = made.compute(shared, (_, old) -> old != null && old.stamp().equals(stamp) ? old : null);
        if (fresh != null) {
            return fresh.context();
        }
        var context = folder.context(trust);
        made.put(shared, new Made(stamp, context));
        return context;
    }

    void close() {
        files.dispose();
    }
}
