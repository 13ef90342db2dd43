package dev.patchbay.json;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** Trees as a mapper of Jackson's makes them, without one. */
class JsonTreesTest {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    @ParameterizedTest
    @ValueSource(
            strings = {"", "  \n", "null", "true", "false", "0", "-1", "2147483648", "-9223372036854775808",
                    "123456789012345678901234567890", "1.5", "2.50", "1e3", "-0.0", "\"\"", "\"a\\u00e9\\n\"",
                    "\"\\ud83d\\ude00\"", "[]", "{}", "[1,[2,[3,{}]],\"x\",null]",
                    "{\"a\":{\"b\":[true,false,null]},\"\":1}",
                    "{\"a\":1,\"b\":2,\"a\":3}", " {\"a\" : 1 } "})
    void readsAndWritesAsAMapperDoes(String json) {
        JsonNode tree = JsonTrees.LENIENT.read(json.getBytes(UTF_8));
        JsonNode expected = MAPPER.readTree(json.getBytes(UTF_8));

        assertThat(tree).isEqualTo(expected);
        assertThat(tree.getNodeType()).isEqualTo(expected.getNodeType());
        assertThat(JsonTrees.LENIENT.read(json)).isEqualTo(expected);
        assertThat(new String(JsonTrees.LENIENT.write(tree), UTF_8))
                .isEqualTo(MAPPER.writeValueAsString(expected));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{", "[", "{\"a\"", "{\"a\":", "{\"a\":1", "[1,", "[1 2]", "{a:1}", "{\"a\" 1}", "nul",
                    "NaN", "'a'", "1 2", "{} x", "{} {}", "{} ]", "]", "}", "\"a", "01", "1.", "+1", "// a",
                    "{,}", "[,]"})
    void refusesWhatAMapperRefuses(String json) {
        assertThatThrownBy(() -> MAPPER.readTree(json.getBytes(UTF_8))).isInstanceOf(JacksonException.class);
        assertThatThrownBy(() -> JsonTrees.LENIENT.read(json.getBytes(UTF_8)))
                .isInstanceOf(JacksonException.class);
        assertThatThrownBy(() -> JsonTrees.LENIENT.read(json)).isInstanceOf(JacksonException.class);
    }

    @Test
    void saysThatSomethingFollowsTheValue() {
        assertThatThrownBy(() -> JsonTrees.LENIENT.read("{} {}")).isInstanceOf(JacksonException.class)
                .hasMessageContaining("something follows the value");
    }

    @Test
    void readsOtherEncodingsAsAMapperDoes() {
        byte[] json = "{\"é\":\"ü\"}".getBytes(UTF_16BE);

        assertThat(JsonTrees.LENIENT.read(json)).isEqualTo(MAPPER.readTree(json))
                .isEqualTo(JsonTrees.object().put("é", "ü"));
    }

    @Test
    void takesOfANameThatOccursTwiceTheLastOrNone() {
        String twice = "{\"a\":1,\"b\":{\"c\":1,\"c\":2}}";

        assertThat(JsonTrees.LENIENT.read(twice).path("b").path("c").intValue()).isEqualTo(2);
        assertThatThrownBy(() -> JsonTrees.STRICT.read(twice)).isInstanceOf(JacksonException.class);
    }

    @Test
    void keepsEachDigitWhereThatIsAskedFor() {
        assertThat(JsonTrees.STRICT.exact().read("0.10").decimalValue()).isEqualTo(new BigDecimal("0.10"));
        assertThat(JsonTrees.STRICT.exact().write(JsonTrees.STRICT.exact().read("0.10")))
                .isEqualTo("0.10".getBytes(UTF_8));
        assertThat(JsonTrees.STRICT.read("0.10").isDouble()).isTrue();
    }

    @Test
    void nestsAsDeepAsTheParserTakes() {
        JsonTrees shallow = JsonTrees.with(JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(3).build())
                .build());

        assertThat(shallow.read("[[[]]]").size()).isOne();
        assertThatThrownBy(() -> shallow.read("[[[[]]]]")).isInstanceOf(JacksonException.class);
        assertThatThrownBy(() -> JsonTrees.LENIENT.read("[".repeat(100_000)))
                .isInstanceOf(JacksonException.class);
    }

    @Test
    void writesEachKindOfNumber() {
        var nodes = JsonNodeFactory.instance;
        var list = nodes.arrayNode().add(nodes.numberNode(1.5f)).add(nodes.numberNode((short) 3));

        assertThat(JsonTrees.LENIENT.write(list)).isEqualTo("[1.5,3]".getBytes(UTF_8));
    }

    @Test
    void doesNotWriteWhatIsNoJson() {
        assertThatThrownBy(() -> JsonTrees.LENIENT.write(JsonNodeFactory.instance.pojoNode(new Object())))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void writesADeepTreeThatItHasRead() {
        String deep = "[".repeat(400) + "]".repeat(400);

        assertThat(new String(JsonTrees.LENIENT.write(JsonTrees.LENIENT.read(deep)), UTF_8)).isEqualTo(deep);
    }
}
