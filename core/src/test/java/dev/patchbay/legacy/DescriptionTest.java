package dev.patchbay.legacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.patchbay.legacy.Description.Own;
import dev.patchbay.legacy.Description.Proof;
import dev.patchbay.legacy.Description.Tls;
import dev.patchbay.legacy.Description.Where;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DescriptionTest {
    private static final Optional<Tls> PROVEN = Optional
            .of(new Tls(Proof.ASKED, Optional.empty(), Optional.empty()));

    private static Description spec(String text) {
        return Description.ofSpec(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Description json(String text) {
        return Description.ofJson(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    static Stream<Arguments> urls() {
        return Stream.of(
                arguments(" unix:///run/x.sock\n", new Where.Unix(Path.of("/run/x.sock")), Optional.empty()),
                arguments("UNIX:///a b", new Where.Unix(Path.of("/a b")), Optional.empty()),
                arguments("tcp://host:8080", new Where.Tcp("host", 8080), Optional.empty()),
                arguments("http://my_host.lan", new Where.Tcp("my_host.lan", 80), Optional.empty()),
                arguments("tcp://[::1]:1", new Where.Tcp("::1", 1), Optional.empty()),
                arguments("https://example.com/docker/plugin", new Where.Tcp("example.com", 443), PROVEN));
    }

    @ParameterizedTest
    @MethodSource("urls")
    void readsUrls(String text, Where where, Optional<Tls> tls) {
        assertThat(spec(text)).isEqualTo(new Description(where, tls));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/run/x.sock", "localhost:80", "ftp://x", "fd://3", "\0\1\2"})
    void refusesWhatNamesNoProtocolThatItKnows(String text) {
        assertThatThrownBy(() -> spec(text)).isInstanceOf(InvalidDescriptionException.class)
                .hasMessageContaining("Unknown protocol");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"tcp://", "tcp://:80", "tcp://x:0", "tcp://x:65536", "tcp://x:99999", "http://a b",
                    "https://u@x:1", "tcp://x:1\nunix:///y", "unix://x", "unix://", "unix://relative/y"})
    void refusesWhatIsNoPlace(String text) {
        assertThatThrownBy(() -> spec(text)).isInstanceOf(InvalidDescriptionException.class)
                .message()
                .containsAnyOf("names no host and port", "not an absolute path");
    }

    @Test
    void refusesASocketThatNobodyCanConnectTo() {
        assertThatThrownBy(() -> spec("unix:///" + "x".repeat(107)))
                .isInstanceOf(InvalidDescriptionException.class)
                .hasMessageContaining("107 bytes");
    }

    @Test
    void readsJsonAsGoDoes() {
        assertThat(json("{'Name': 'other', 'addr': 'https://h:1', 'TLSConfig': {'InsecureSkipVerify': false,"
                + " 'CAFile': '/c/ca.pem', 'certfile': '/c/cert.pem', 'KeyFile': '/c/key.pem', 'More': [1]}}"))
                .isEqualTo(new Description(new Where.Tcp("h", 1),
                        Optional.of(new Tls(Proof.ASKED, Optional.of(Path.of("/c/ca.pem")),
                                Optional.of(new Own(Path.of("/c/cert.pem"), Path.of("/c/key.pem")))))));
    }

    @Test
    void asksForNoProofWithoutAnAuthorityAsDocker() {
        assertThat(json("{'Addr': 'https://h', 'TLSConfig': {}}").tls())
                .contains(new Tls(Proof.FORGOTTEN, Optional.empty(), Optional.empty()));
        assertThat(json("{'Addr': 'https://h', 'TLSConfig': {'CAFile': '/ca', 'InsecureSkipVerify': true}}")
                .tls()).contains(new Tls(Proof.WAIVED, Optional.of(Path.of("/ca")), Optional.empty()));
        assertThat(json("{'Addr': 'https://h', 'TLSConfig': null}").tls()).isEqualTo(PROVEN);
    }

    @Test
    void speaksTlsToWhomeverItHasCertificatesFor() {
        assertThat(json("{'Addr': 'tcp://h:1', 'TLSConfig': {'CAFile': '/ca'}}").tls())
                .contains(new Tls(Proof.ASKED, Optional.of(Path.of("/ca")), Optional.empty()));
        assertThatThrownBy(() -> json("{'Addr': 'http://h:1', 'TLSConfig': {'CAFile': '/ca'}}"))
                .isInstanceOf(InvalidDescriptionException.class)
                .hasMessageContaining("https://");
    }

    static Stream<Arguments> badJson() {
        return Stream.of(
                arguments("", "not the JSON"),
                arguments("{", "not the JSON"),
                arguments("[]", "not the JSON"),
                arguments("null", "has no Addr"),
                arguments("{}", "has no Addr"),
                arguments("{'Addr': ''}", "has no Addr"),
                arguments("{'Addr': {}}", "not the JSON"),
                arguments("{'Addr': 'tcp://x'} {}", "not the JSON"),
                arguments("{'Addr': 'https://x', 'TLSConfig': {'CAFile': 'ca.pem'}}", "CAFile"),
                arguments("{'Addr': 'https://x', 'TLSConfig': {'CertFile': '/x'}}", "only one of"),
                arguments("[".repeat(100_000), "not the JSON"));
    }

    @ParameterizedTest
    @MethodSource("badJson")
    void saysWhatIsWrongWithJson(String text, String problem) {
        assertThatThrownBy(() -> json(text)).isInstanceOf(InvalidDescriptionException.class)
                .hasMessageContaining(problem);
    }
}
