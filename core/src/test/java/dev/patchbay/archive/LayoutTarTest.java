package dev.patchbay.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.archive.LayerUnpackerTest.Packing;
import dev.patchbay.reference.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** Image layouts as tars: what is written, what is read, what is refused. */
class LayoutTarTest {
    private static final byte[] ONE = "one".getBytes(UTF_8);
    private static final byte[] BIG = new byte[700_000];
    private static final Digest ONE_NAME = Digest.sha256(ONE);

    static {
        new Random(1).nextBytes(BIG);
    }

    private static final LayoutWriter WRITER = new LayoutWriter("m".getBytes(UTF_8), "i".getBytes(UTF_8),
            List.of(blob(ONE), blob(BIG), blob(ONE), blob(new byte[512]), blob(new byte[0])));

    @ParameterizedTest
    @EnumSource
    void readsWhatItWrites(Packing packing) throws IOException {
        var seen = new Seen();

        read(packing.pack(written(WRITER)), seen);

        assertThat(seen.order).containsExactly("marker m", "index i", ONE_NAME + " 3",
                Digest.sha256(BIG) + " 700000",
                Digest.sha256(new byte[512]) + " 512", Digest.sha256(new byte[0]) + " 0");
        assertThat(seen.verified).isTrue();
    }

    @Test
    void writesTheSameBytesEachTimeAndAsManyAsItSaid() {
        byte[] tar = written(WRITER);

        assertThat(written(WRITER)).isEqualTo(tar);
        assertThat(WRITER.sizeBytes()).isEqualTo(tar.length);
        assertThat(tar.length % 512).isZero();
    }

    @Test
    void writesFilesOfRootThatOthersCanRead() throws IOException {
        var names = new ArrayList<String>();
        try (var tar = new TarArchiveInputStream(new ByteArrayInputStream(written(WRITER)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                names.add(entry.getName());
                assertThat(entry.isFile()).isTrue();
                assertThat(entry.getMode()).isEqualTo(0644);
                assertThat(entry.getLongUserId() + entry.getLongGroupId()).isZero();
                assertThat(entry.getLastModifiedTime().toMillis()).isZero();
            }
        }
        assertThat(names).startsWith("oci-layout", "index.json", "blobs/sha256/" + ONE_NAME.hex()).hasSize(6);
    }

    @Test
    void writesSizesThatNeedMoreThanElevenDigits() {
        var huge = new LayoutWriter.Blob(ONE_NAME, 9L << 30, Flux.empty());

        assertThat(new LayoutWriter(ONE, ONE, List.of(huge)).sizeBytes()).isGreaterThan(9L << 30);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 0})
    void failsIfABlobHasAnotherSize(int said) {
        var wrong = new LayoutWriter.Blob(ONE_NAME, said, Flux.just(ByteBuffer.wrap(ONE)));

        StepVerifier.create(new LayoutWriter(ONE, ONE, List.of(wrong)).bytes())
                .thenConsumeWhile(_ -> true)
                .verifyErrorSatisfies(e -> assertThat(e).isInstanceOf(IOException.class)
                        .hasMessageContaining("blob " + ONE_NAME));
    }

    @Test
    void honoursDemandAndSubscribesToABlobWhenItsTurnComes() {
        var subscribed = new ArrayList<String>();
        var first = new LayoutWriter.Blob(ONE_NAME, 3,
                Flux.just(ByteBuffer.wrap(ONE)).doOnSubscribe(_ -> subscribed.add("1")));
        var second = new LayoutWriter.Blob(Digest.sha256(BIG), 3,
                Flux.just(ByteBuffer.wrap(ONE)).doOnSubscribe(_ -> subscribed.add("2")));

        StepVerifier.create(new LayoutWriter(ONE, ONE, List.of(first, second)).bytes(), 0)
                .thenRequest(2)
                .expectNextCount(2)
                .then(() -> assertThat(subscribed).doesNotContain("2"))
                .thenRequest(2)
                .expectNextCount(2)
                .thenCancel()
                .verify();
        assertThat(subscribed).first().isEqualTo("1");
    }

    @Test
    void toleratesOtherOrdersFoldersAndStrangers() throws IOException {
        var seen = new Seen();

        read(new TarBuilder().folder("./")
                .folder("./blobs/")
                .folder("./blobs/sha256/")
                .file("./blobs/sha256/" + ONE_NAME.hex(), "one")
                .file("manifest.json", "[]")
                .file("a/index.json", "no")
                .file("./index.json", "i")
                .file("/oci-layout", "m")
                .bytes(), seen);

        assertThat(seen.order).containsExactly(ONE_NAME + " 3", "index i", "marker m");
    }

    @Test
    void goesOnAfterABlobThatWasNotRead() throws IOException {
        var kept = new ArrayList<InputStream>();
        var seen = new Seen() {
            @Override
            public void blob(Digest name, long sizeBytes, InputStream content) throws IOException {
                kept.add(content);
                assertThat(content.read()).isNotEqualTo(-1);
            }
        };

        read(new TarBuilder().file("blobs/sha256/" + ONE_NAME.hex(), "one")
                .file("index.json", "i")
                .file("oci-layout", "m")
                .bytes(), seen);

        assertThat(seen.order).containsExactly("index i", "marker m");
        assertThatThrownBy(() -> kept.getFirst().read()).isInstanceOf(IOException.class);
    }

    @Test
    void refusesWhatIsNoLayout() {
        refuses(new TarBuilder().file("index.json", "i"), "it has no oci-layout");
        refuses(new TarBuilder().file("oci-layout", "m"), "it has no index.json");
        refuses(layout().symlink("blobs/sha256/a", "/etc/shadow"), "plain files");
        refuses(layout().hardLink("x", "index.json"), "plain files");
        refuses(layout().fifo("x"), "plain files");
        refuses(layout().device("x", TarConstants.LF_CHR, 1, 3), "plain files");
        refuses(layout().file("../x", ""), "..");
        refuses(layout().file("blobs/sha256/abc", ""), "no digest");
        refuses(layout().file("blobs/md5/" + ONE_NAME.hex(), ""), "no digest");
        refuses(layout().file("./index.json", "i"), "comes twice");
        refuses(new TarBuilder().file("index.json", new byte[LayoutReader.MAX_DOCUMENT_BYTES + 1], _ -> {}),
                "more than the 4194304");
    }

    @Test
    void refusesWhatIsCutOffAnywhere() {
        byte[] tar = layout().file("blobs/sha256/" + ONE_NAME.hex(), "one").bytes();
        int end = 6 * 512; // three entries of a header and a block each
        for (int length = 0; length <= end; length += 53) {
            byte[] cut = Arrays.copyOf(tar, length);
            assertThatThrownBy(() -> read(cut, new Seen())).as("cut at %d", length)
                    .isInstanceOf(ArchiveException.class);
        }
    }

    @Test
    void keepsTheLimits() {
        byte[] tar = written(WRITER);
        var reader = new LayoutReader(ArchiveLimits.DEFAULT.withMaxExpandedBytes(100_000));

        assertThatThrownBy(() -> reader.read(new ByteArrayInputStream(tar), new Seen()))
                .isInstanceOf(ArchiveLimitException.class);
    }

    @Test
    void passesOnWhatTheVisitorThrows() {
        var failure = new IOException("full");
        var failing = new Seen() {
            @Override
            public void index(byte[] json) throws IOException {
                throw failure;
            }
        };

        assertThatThrownBy(() -> read(layout().bytes(), failing)).isSameAs(failure);
    }

    private static TarBuilder layout() {
        return new TarBuilder().file("oci-layout", "m").file("index.json", "i");
    }

    private static void refuses(TarBuilder tar, String sentence) {
        assertThatThrownBy(() -> read(tar.bytes(), new Seen())).isInstanceOf(ArchiveException.class)
                .hasMessageContaining(sentence);
    }

    private static void read(byte[] tar, LayoutReader.Visitor visitor) throws IOException {
        new LayoutReader(ArchiveLimits.DEFAULT).read(new ByteArrayInputStream(tar), visitor);
    }

    private static LayoutWriter.Blob blob(byte[] content) {
        int half = content.length / 2;
        return new LayoutWriter.Blob(Digest.sha256(content), content.length,
                Flux.just(Arrays.copyOf(content, half), Arrays.copyOfRange(content, half, content.length))
                        .map(ByteBuffer::wrap));
    }

    private static byte[] written(LayoutWriter writer) {
        var bytes = new ByteArrayOutputStream();
        StepVerifier.create(writer.bytes()).thenConsumeWhile(_ -> true, buffer -> {
            byte[] part = new byte[buffer.remaining()];
            buffer.get(part);
            bytes.writeBytes(part);
        }).verifyComplete();
        return bytes.toByteArray();
    }

    /** Notes what comes. */
    private static class Seen implements LayoutReader.Visitor {
        final List<String> order = new ArrayList<>();
        boolean verified = true;

        @Override
        public void blob(Digest name, long sizeBytes, InputStream content) throws IOException {
            byte[] bytes = content.readAllBytes();
            order.add(name + " " + sizeBytes);
            verified &= Digest.sha256(bytes).equals(name) && bytes.length == sizeBytes;
        }

        @Override
        public void index(byte[] json) throws IOException {
            order.add("index " + new String(json, UTF_8));
        }

        @Override
        public void marker(byte[] json) {
            order.add("marker " + new String(json, UTF_8));
        }
    }
}
