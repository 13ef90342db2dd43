package dev.patchbay.web.v1;

import dev.patchbay.Consent;
import dev.patchbay.InvalidRequestException;
import dev.patchbay.plugin.Privilege;
import dev.patchbay.web.Json;
import dev.patchbay.web.Target;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;

/**
 * The query parameters that say which privileges the caller consents to: {@code privileges}, the list that an earlier
 * refusal showed, or {@code grant=all}; without either, none.
 */
final class ConsentReader {
    private static final String PRIVILEGES = "privileges";
    private static final String FORM = PRIVILEGES
            + " must be the JSON list of an earlier refusal, such as [{\"name\":\"network\",\"value\":[\"host\"]}]";

    private static final ObjectReader READER = Json.mapper()
            .reader()
            .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
                    DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

    private ConsentReader() {}

    /** Reads them. @throws InvalidRequestException if they make no sense */
    static Consent read(Target target) {
        Optional<String> grant = target.query("grant");
        Optional<String> privileges = target.query(PRIVILEGES);
        if (grant.isPresent() && privileges.isPresent()) {
            throw invalid("grant and " + PRIVILEGES + " exclude each other");
        }
        if (grant.isEmpty()) {
            return new Consent.Exactly(privileges.map(ConsentReader::list).orElse(List.of()));
        }
        if (!grant.get().equals("all")) {
            throw invalid("grant must be all, not " + Parameters.shown(grant.get()));
        }
        return new Consent.Everything();
    }

    private static List<Privilege> list(String text) {
        JsonNode list = tree(text);
        if (!list.isArray()) {
            throw invalid(FORM);
        }
        return list.valueStream().map(ConsentReader::privilege).toList();
    }

    private static Privilege privilege(JsonNode tree) {
        JsonNode value = tree.path("value");
        if (!tree.path("name").isString() || !value.isArray()
                || !value.valueStream().allMatch(JsonNode::isString)) {
            throw invalid(FORM);
        }
        return new Privilege(tree.path("name").stringValue(), "",
                value.valueStream().map(JsonNode::stringValue).toList());
    }

    private static JsonNode tree(String text) {
        try {
            return READER.readTree(text);
        } catch (JacksonException _) {
            throw invalid(FORM + "; it is not JSON"); // where exactly helps nobody with machine-made JSON
        }
    }

    private static InvalidRequestException invalid(String message) {
        return new InvalidRequestException(message, null);
    }
}
