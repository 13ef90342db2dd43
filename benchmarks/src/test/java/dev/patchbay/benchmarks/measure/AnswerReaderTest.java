package dev.patchbay.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("StringConcatToTextBlock") // HTTP has line ends of its own
class AnswerReaderTest {
    private static final String TWO = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "5\r\nhello\r\n7\r\n, world\r\n0\r\n\r\n"
            + "HTTP/1.1 404 Not Found\r\ncontent-length: 4\r\n\r\nnope";

    @ParameterizedTest(name = "{0} bytes at a time")
    @ValueSource(ints = {1, 3, 17, 1000})
    void readsAnswersOneAfterTheOtherHoweverTheyCome(int atATime) throws IOException {
        var reader = new AnswerReader(new Slow(TWO, atATime));

        UnixHttp.Answer first = reader.read();
        UnixHttp.Answer second = reader.read();

        assertThat(first.status()).isEqualTo(200);
        assertThat(first.text()).isEqualTo("hello, world");
        assertThat(second.status()).isEqualTo(404);
        assertThat(second.text()).isEqualTo("nope");
    }

    @ParameterizedTest(name = "after {0} bytes")
    @ValueSource(ints = {0, 10, 60, 70})
    void failsWhenAnAnswerEndsInTheMiddle(int bytes) {
        var reader = new AnswerReader(new Slow(TWO.substring(0, bytes), 1000));

        assertThatThrownBy(reader::read).isInstanceOf(EOFException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"SSH-2.0-OpenSSH\r\n\r\n", "\r\n\r\n", "HTTP/1.1 x\r\n\r\n", "HTTP/1.1 20\r\n\r\n"})
    void saysThatWhatAnswersDoesNotSpeakHttp(String said) {
        assertThatThrownBy(() -> new AnswerReader(new Slow(said, 1000)).read())
                .isInstanceOf(IOException.class)
                .hasMessage("what answers there does not speak HTTP");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 999999999999", "Content-Length: 268435457",
            "Transfer-Encoding: chunked\r\n\r\nffffffff", "Transfer-Encoding: chunked\r\n\r\nno",
            "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n10000000"})
    void takesNoSizeThatIsTooLargeOrNone(String fields) {
        var reader = new AnswerReader(new Slow("HTTP/1.1 200 OK\r\n" + fields + "\r\n\r\n", 1000));

        assertThatThrownBy(reader::read).isInstanceOf(IOException.class)
                .hasMessage("an answer says of its size what cannot be, or is too much");
    }

    /** What a server sent, so many bytes at a time. */
    private static final class Slow implements ReadableByteChannel {
        private final ByteBuffer sent;
        private final int atATime;

        Slow(String text, int atATime) {
            this.sent = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
            this.atATime = atATime;
        }

        @Override
        public int read(ByteBuffer into) {
            if (!sent.hasRemaining()) {
                return -1;
            }
            int count = Math.min(atATime, Math.min(into.remaining(), sent.remaining()));
            into.put(sent.slice(sent.position(), count));
            sent.position(sent.position() + count);
            return count;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }
}
