package dev.patchbay.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.codec.http.HttpMethod;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

class RoutingTest {
    private static final PathPattern INSPECT = PathPattern.versioned("/plugins/{name:.*}/json");

    @Test
    void matchesNamesWithSlashColonAndAt() {
        assertThat(INSPECT.match("/plugins/a.b:5/c/d:t@sha256:0/json"))
                .contains(Map.of("name", "a.b:5/c/d:t@sha256:0"));
        assertThat(INSPECT.match("/v1.41./plugins/x/json")).contains(Map.of("name", "x", "version", "1.41."));
        assertThat(INSPECT.match("/plugins//json")).contains(Map.of("name", ""));
        assertThat(INSPECT.match("/plugins/a\nb/json")).contains(Map.of("name", "a\nb"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/plugins/json", "/plugins/x/json/", "/vx/plugins/x/json", "/v/plugins/x/json",
            "plugins/x/json", "/x/plugins/y/json"})
    void passesByOthers(String path) {
        assertThat(INSPECT.match(path)).isEmpty();
    }

    @Test
    void takesASegmentThatIsNotEmpty() {
        var pattern = PathPattern.of("/a/{id}/b.c");
        assertThat(pattern.match("/a/x/b.c")).contains(Map.of("id", "x"));
        assertThat(pattern.match("/a//b.c")).isEmpty();
        assertThat(pattern.match("/a/x/y/b.c")).isEmpty();
        assertThat(pattern.match("/a/x/bXc")).isEmpty();
        assertThat(pattern.match("/v1.41/a/x/b.c")).isEmpty();
    }

    @Test
    void takesASegmentAfterTextOfAnyLength() {
        var pattern = PathPattern.versioned("/c/{name:.*}/{what}");
        assertThat(pattern.match("/v1.41/c/a/b/logs"))
                .contains(Map.of("version", "1.41", "name", "a/b", "what", "logs"));
        assertThat(pattern.match("/c//logs")).contains(Map.of("name", "", "what", "logs"));
        assertThat(pattern.match("/c/logs")).isEmpty();
        assertThat(pattern.match("/c/a/")).isEmpty();
    }

    @Test
    void takesAVersionForTextIfNothingComesAfterIt() {
        var pattern = PathPattern.versioned("/{any:.*}");
        assertThat(pattern.match("/v1.41/x")).contains(Map.of("version", "1.41", "any", "x"));
        assertThat(pattern.match("/v1.41")).contains(Map.of("any", "v1.41"));
        assertThat(pattern.match("/v/x")).contains(Map.of("any", "v/x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/{a:.*}/{b:.*}", "/x{a}", "/{a}x", "/{a", "{a}", "/{a}/{a}", "/{}", "/{A}",
            "/{a:b}", "/{version}"})
    void refusesTemplatesThatFitInMoreWaysThanOneOrNameTwoThingsAlike(String template) {
        assertThatThrownBy(() -> PathPattern.of(template)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(template);
    }

    @Test
    void triesRowsInOrder() {
        Route first = Route.get(PathPattern.of("/p/json"), _ -> Mono.empty());
        Route second = Route.get(PathPattern.of("/p/{name:.*}"), _ -> Mono.empty());
        var table = new RouteTable(List.of(first, second));
        assertThat(table.find(HttpMethod.GET, "/p/json")).hasValueSatisfying(
                match -> assertThat(match.route()).isEqualTo(first));
        assertThat(table.find(HttpMethod.GET, "/p/x")).hasValueSatisfying(
                match -> assertThat(match.route()).isEqualTo(second));
        assertThat(table.find(HttpMethod.POST, "/p/x")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            value = {"/a | /a", "/ | /", "//a///b | /a/b", "/a/./b/ | /a/b/", "/a/../b | /b",
                    "/../../etc | /etc", "/a/.. | /", "a | /a", "/a/b/../ | /a/"})
    void cleansPaths(String path, String expected) {
        assertThat(RequestTarget.clean(path)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"/a%2Fb%3ac?x=1+2&y=%C3%A4 | /a/b:c", "/%C3%A4+b | /ä+b",
            "http://host:1/x?y | /x", "http://host | /", "/x://y | /x://y", "http://host?y=/z | /",
            "HTTP://host?a=/b/c | /", "/a?http://h/b | /a"})
    void decodesTargets(String uri, String path) {
        assertThat(RequestTarget.parse(HttpMethod.GET, uri).path()).isEqualTo(path);
    }

    @Test
    void decodesQueries() {
        Target target = RequestTarget.parse(HttpMethod.GET, "/a?x=1+2&y=%C3%A4&y=z&e");
        assertThat(target.query("x")).contains("1 2");
        assertThat(target.query("y")).contains("ä");
        assertThat(target.query("e")).contains("");
        assertThat(target.query("nope")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/%", "/%4", "/%zz", "/a%2", "/x?a=%zz"})
    void refusesBrokenPercentSigns(String uri) {
        assertThatThrownBy(() -> RequestTarget.parse(HttpMethod.GET, uri)).isInstanceOfSatisfying(
                HttpFailure.class,
                failure -> assertThat(failure.status()).isEqualTo(400));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "x", "*", "x?://y/z", "1http://h/x", "://h/x", "h:80", "?/x", "/x#y", "/x?y#z",
                    "http://h#/x", "/x?a=1;b=2", "/x?=a=1", "/x??a=1&=b"})
    void refusesWhatOthersWouldReadOtherwise(String uri) {
        assertThatThrownBy(() -> RequestTarget.parse(HttpMethod.GET, uri)).isInstanceOfSatisfying(
                HttpFailure.class,
                failure -> assertThat(failure.status()).isEqualTo(400));
    }

    @Test
    void refusesMoreParametersThanItLooksAt() {
        String many = "/x?" + "a&".repeat(1024);
        assertThat(RequestTarget.parse(HttpMethod.GET, many).query("a")).contains("");
        assertThatThrownBy(() -> RequestTarget.parse(HttpMethod.GET, many + "a"))
                .isInstanceOf(HttpFailure.class);
    }

    @Test
    void takesAnAsteriskForTheServerAsAWhole() {
        assertThat(RequestTarget.parse(HttpMethod.OPTIONS, "*").path()).isEqualTo("/");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"/a?x=%41 | /a?x=%41", "http://h?a=/b?force=1 | /?a=/b?force=1",
            "http://h/p?a | /p?a", "/a?http://h/b?c=1 | /a?http://h/b?c=1", "/a? | /a"})
    void writesTheQueryThatWasRead(String uri, String location) {
        assertThat(RequestTarget.location(RequestTarget.parse(HttpMethod.GET, uri))).isEqualTo(location);
    }

    @Test
    void namesAQueryParameterAsItIsWritten() {
        Target target = RequestTarget.parse(HttpMethod.GET, "/x??a=1&&b==2");
        assertThat(target.query()).isEqualTo(Map.of("?a", List.of("1"), "b", List.of("=2")));
    }

    @Test
    void leavesNoLineBreakInALocation() {
        Target target = RequestTarget.parse(HttpMethod.GET, "//%0d%0aX:y?q=%20");
        assertThat(RequestTarget.location(target)).isEqualTo("/%0D%0AX:y?q=%20");
    }
}
