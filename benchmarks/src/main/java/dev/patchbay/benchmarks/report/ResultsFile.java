package dev.patchbay.benchmarks.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@link Results} as a file: the JSON of the records, names as they are in Java, what is absent left out. Fields that a
 * reader does not know are to be passed over; the README of this module describes them.
 */
public final class ResultsFile {
    /** Not in the first results of version 1: a field that is new raises no version, so that those can still be compared. */
    private static final String YOUNGEST_FIELD = "notCarriedOut";

    private static final long LARGEST = 256L << 20;
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .changeDefaultPropertyInclusion(
                    it -> it.withValueInclusion(JsonInclude.Include.NON_ABSENT))
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .build();

    private ResultsFile() {}

    /** Writes results; who reads meanwhile reads the old ones. */
    public static void write(Path file, Results results) throws IOException {
        Replaced.write(file, MAPPER.writeValueAsBytes(results));
    }

    /** Reads results. @throws IOException with a sentence for people if there are none */
    public static Results read(Path file) throws IOException {
        try {
            if (!Files.isRegularFile(file)) {
                throw new NoSuchFileException(file.toString());
            }
            if (Files.size(file) > LARGEST) {
                throw new IOException(
                        file + " is larger than " + (LARGEST >> 20) + " MiB: no results of benchmarks");
            }
            return parse(file.toString(), Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            throw new IOException(file + " is not there, or no file", e);
        }
    }

    static Results parse(String file, byte[] json) throws IOException {
        JsonNode tree;
        try {
            tree = MAPPER.readTree(json);
        } catch (JacksonException e) {
            throw new IOException(file + " is not JSON: " + e.getOriginalMessage(), e);
        }
        if (!tree.path("schema").asString("").equals(Results.SCHEMA)) {
            throw new IOException(file + " is JSON, but no results of these benchmarks");
        }
        int version = tree.path("version").asInt(0);
        if (version != Results.VERSION) {
            throw new IOException(
                    file + " is written as version " + version + " of the schema, and only version "
                            + Results.VERSION + " is understood here");
        }
        if (tree instanceof ObjectNode results && !results.has(YOUNGEST_FIELD)) {
            results.putArray(YOUNGEST_FIELD);
        }
        try {
            return MAPPER.treeToValue(tree, Results.class);
        } catch (JacksonException e) {
            throw new IOException(file + " is no sound results: " + e.getOriginalMessage(), e);
        }
    }
}
