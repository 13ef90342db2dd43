package dev.patchbay.examples;

import dev.patchbay.Plugins;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import reactor.core.publisher.Flux;

/** The bundled plugin, which says back what it is told. */
public final class Sample {
    /** How long anything here may take. */
    public static final Duration PATIENCE = Duration.ofSeconds(60);

    static final Path BUILT = Path.of(
            Objects.requireNonNull(System.getProperty("patchbay.samplePlugin"), "no sample plugin"));

    private Sample() {}

    /** Installs it, disabled. */
    public static void install(Plugins plugins, String name) throws IOException, InterruptedException {
        plugins.create(name, Flux.just(ByteBuffer.wrap(context()))).block(PATIENCE);
    }

    private static byte[] context() throws IOException, InterruptedException {
        Path tar = Files.createTempFile("sample", ".tar");
        try {
            Process packing = new ProcessBuilder(List.of("tar", "-C", BUILT.toString(), "-cf", tar.toString(),
                    "config.json", "rootfs")).inheritIO().start();
            if (packing.waitFor() != 0) {
                throw new IOException("tar failed");
            }
            return Files.readAllBytes(tar);
        } finally {
            Files.delete(tar);
        }
    }
}
