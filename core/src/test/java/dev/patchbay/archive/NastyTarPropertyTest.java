package dev.patchbay.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random archives made of the parts of attacks, some of them damaged: whatever they do inside the target, nothing beside
 * it changes, and every failure is an {@link ArchiveException}.
 */
class NastyTarPropertyTest {
    private static final int ARCHIVES_PER_SEED = 3;
    private static final int ENTRIES = 40;

    @TempDir
    Path temp;

    static LongStream seeds() {
        return LongStream.range(0, 150);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void touchesNothingOutside(long seed) throws IOException {
        Random random = new Random(seed);
        Path target = Files.createDirectory(temp.resolve("t"));
        Path canary = Files.createDirectory(temp.resolve("c"));
        Files.writeString(canary.resolve("a"), "untouched");
        Files.createDirectories(canary.resolve("b/a"));
        Map<String, String> before = TreeSnapshot.of(canary);
        List<String> history = new ArrayList<>();
        for (int i = 0; i < ARCHIVES_PER_SEED; i++) {
            byte[] tar = archive(random, history, canary);
            attempt(tar, target, random);
            if (!Files.exists(target)) {
                Files.createDirectory(target);
            }
        }
        assertThat(TreeSnapshot.of(canary)).as("seed %s: %s", seed, history).isEqualTo(before);
        TreeDeletion.delete(target);
        assertThat(TreeSnapshot.of(canary)).as("seed %s, deleted: %s", seed, history).isEqualTo(before);
    }

    private static void attempt(byte[] tar, Path target, Random random) throws IOException {
        try {
            if (random.nextInt(4) == 0) {
                new ContextSplitter(ArchiveLimits.DEFAULT, Ownership.ofThisProcess(), Runnable::run)
                        .split(new ByteArrayInputStream(tar), target, OutputStream.nullOutputStream());
            } else {
                new LayerExtractor(ArchiveLimits.DEFAULT.withMaxFileBytes(1 << 16), Ownership.ofThisProcess())
                        .extract(new ByteArrayInputStream(tar), target);
            }
        } catch (ArchiveException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    private static byte[] archive(Random random, List<String> history, Path canary) {
        TarBuilder tar = new TarBuilder();
        for (int i = 0; i < ENTRIES; i++) {
            add(tar, random, history, canary);
        }
        byte[] bytes = tar.bytes();
        // Half of the archives get a few wrong bytes; checksums are made right in some, so that they are read.
        for (int i = random.nextInt(8) - 4; i > 0; i--) {
            int block = random.nextInt(bytes.length / 512) * 512;
            bytes[block + random.nextInt(512)] = (byte) random.nextInt(256);
            if (block == 0) {
                HostileLayerTest.fixChecksum(bytes);
            }
        }
        return bytes;
    }

    private static void add(TarBuilder tar, Random random, List<String> history, Path canary) {
        String name = name(random, canary);
        String target = name(random, canary);
        int mode = random.nextInt(010000);
        int kind = random.nextInt(12);
        history.add(kind + " " + name + " > " + target);
        switch (kind) {
            case 0, 1, 2 ->
                tar.file(name.endsWith("/") ? name + "f" : name, "evil", entry -> entry.setMode(mode));
            case 3, 4 -> tar.folder(name + "/", entry -> {
                entry.setMode(mode);
                entry.setIds(random.nextInt(3), random.nextInt(3));
            });
            case 5, 6, 7 -> tar.symlink(name, target);
            case 8 -> tar.hardLink(name, target);
            case 9 -> tar.fifo(name);
            case 10 -> tar.device(name, TarConstants.LF_CHR, 1, 3);
            default -> tar.file(marker(name), "");
        }
    }

    private static String marker(String name) {
        int slash = name.lastIndexOf('/');
        return name.substring(0, slash + 1) + ".wh." + name.substring(slash + 1);
    }

    private static String name(Random random, Path canary) {
        if (random.nextInt(12) == 0) {
            return canary + (random.nextBoolean() ? "" : "/a");
        }
        String[] parts = {"a", "b", "a", "b", "l", "c", "rootfs", ".", "..", "", ".wh..wh..opq", "t"};
        // ".." in a name is refused at once and ends the archive, so most names go without.
        int choice = random.nextInt(8) == 0 ? parts.length : 7;
        StringBuilder name = new StringBuilder();
        for (int i = random.nextInt(4); i >= 0; i--) {
            name.append(parts[random.nextInt(choice)]).append(i == 0 ? "" : "/");
        }
        return name.toString();
    }
}
