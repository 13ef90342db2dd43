package dev.patchbay.web.v1;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.PluginStorageException;
import dev.patchbay.PrivilegesException;
import dev.patchbay.plugin.Privilege;
import dev.patchbay.web.RawClient;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;

/** Export, import and garbage as they are on the wire. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ContentHandlersTest {
    private final NativeServer server = new NativeServer();

    @AfterAll
    void stop() {
        server.close();
    }

    @BeforeEach
    void install() {
        server.plugins.succeed();
        server.plugins.installed.put("a", Samples.plugin(Samples.OTHER_ID, "r.example:5000/org/other:2",
                Samples.running()));
    }

    @Test
    void exportsAsAFileWithAHarmlessName() throws IOException {
        server.plugins.exported.set(Flux.just(slice("xxabcxx"), ByteBuffer.wrap("def".getBytes(UTF_8)),
                ByteBuffer.allocateDirect(1).put((byte) 'g').flip()));
        assertThat(send("GET", "plugins/r.example:5000/org/other/export", ""))
                .startsWith("HTTP/1.1 200 ")
                .contains("\r\nContent-Type: application/x-tar\r\n",
                        "\r\nContent-Disposition: attachment; filename=\"r.example-5000-org-other-2.tar\"\r\n")
                .endsWith("\r\n\r\n3\r\nabc\r\n3\r\ndef\r\n1\r\ng\r\n0\r\n\r\n");
    }

    @Test
    void answersAFailureBeforeTheFirstByteWithAProblem() throws IOException {
        server.plugins.exported.set(Flux.error(new PluginStorageException("a blob is missing", null)));
        assertThat(send("GET", "plugins/r.example:5000/org/other/export", ""))
                .startsWith("HTTP/1.1 500 ")
                .contains("\r\nContent-Type: application/problem+json\r\n", "a blob is missing")
                .doesNotContain("Content-Disposition");
    }

    @Test
    void cutsAnExportThatFailsInTheMiddle() throws IOException {
        server.plugins.exported.set(Flux.just(ByteBuffer.wrap("abc".getBytes(UTF_8)))
                .concatWith(Flux.error(new PluginStorageException("the disk is gone", null))));
        assertThat(send("GET", "plugins/r.example:5000/org/other/export", "")).contains("abc")
                .doesNotContain("0\r\n\r\n");
    }

    @Test
    void listsWhatAnImportAsksForSoThatAScriptCanSendItBack() throws IOException {
        server.plugins.fail(new PrivilegesException(
                List.of(new Privilege("network", "permissions to access a network", List.of("host"))),
                "incorrect privileges"));
        assertThat(send("POST", "plugins/import?name=x", "tar")).startsWith("HTTP/1.1 403 ")
                .contains("\"type\":\"urn:patchbay:problem:privileges\"",
                        "\"privileges\":[{\"name\":\"network\",\"description\":\"permissions to access a network\","
                                + "\"value\":[\"host\"]}]");
    }

    @Test
    void reportsWhatWasCollected() throws IOException {
        assertThat(send("POST", "gc", ""))
                .endsWith("\r\n\r\n{\"dryRun\":false,\"blobs\":9,\"unreferenced\":4,"
                        + "\"deleted\":3,\"bytes\":1099511627776,\"unfinished\":1,\"problems\":[\"one could not be deleted\"]}\n");
    }

    private static ByteBuffer slice(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8), 2, 3);
    }

    private String send(String method, String path, String body) throws IOException {
        return RawClient.exchange(server.socket(), method + " /patchbay/v1/" + path
                + " HTTP/1.1\r\nHost: d\r\nConnection: close\r\nContent-Length: " + body.length() + "\r\n\r\n"
                + body);
    }
}
