package dev.patchbay.web.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.web.HttpFailure;
import dev.patchbay.web.Json;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class LooseJsonTest {
    @Test
    void findsAKeyWhateverItsCase() {
        assertThat(LooseJson.field(read("{\"nAme\":\"a\",\"x\":\"b\"}"), "Name")).map(JsonNode::stringValue)
                .contains("a");
        assertThat(LooseJson.field(read("{\"Name\":null}"), "Name")).isEmpty();
        assertThat(LooseJson.field(read("[]"), "Name")).isEmpty();
    }

    @Test
    void refusesKeysOfWhichOthersMayReadEither() {
        JsonNode two = read("{\"Name\":\"a\",\"name\":\"b\"}");
        assertThatThrownBy(() -> LooseJson.field(two, "Name")).isInstanceOf(HttpFailure.class)
                .hasMessage("invalid JSON: the key \"Name\" is there twice, in different spellings");
    }

    private static JsonNode read(String text) {
        return Json.mapper().readTree(text);
    }
}
