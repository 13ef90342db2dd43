package dev.patchbay.limits;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Docker's default system call profile, from the resource {@code seccomp.txt}, whose first lines say where its facts come
 * from and what its lines mean. Read once, when it is first asked for: it takes a few milliseconds.
 */
final class BuiltinSeccomp {
    static final SeccompProfile PROFILE = read();

    private BuiltinSeccomp() {}

    private static SeccompProfile read() {
        try (InputStream stream = Objects
                .requireNonNull(BuiltinSeccomp.class.getResourceAsStream("seccomp.txt"))) {
            return SeccompReader.profile(tree(new String(stream.readAllBytes(), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same in Docker's form. */
    static ObjectNode tree(String text) {
        ObjectNode profile = JsonNodeFactory.instance.objectNode();
        ArrayNode architectures = profile.putArray("archMap");
        ArrayNode rules = profile.putArray("syscalls");
        // What is indented goes on with the line before.
        for (String line : text.replaceAll("(?m)^#.*\\n", "").replaceAll("\\n +", " ").lines().toList()) {
            List<String> words = List.of(line.split(" "));
            switch (words.getFirst()) {
                case "default" -> profile.put("defaultAction", "SCMP_ACT_ERRNO")
                        .put("defaultErrnoRet", Integer.parseInt(words.get(1)));
                case "arch" ->
                    texts(architectures.addObject().put("architecture", words.get(1)), "subArchitectures",
                            words.subList(2, words.size()));
                case "allow" -> rule(rules.addObject().put("action", "SCMP_ACT_ALLOW"),
                        words.subList(1, words.size()));
                case "errno" -> rule(rules.addObject()
                        .put("action", "SCMP_ACT_ERRNO")
                        .put("errnoRet", Integer.parseInt(words.get(1))), words.subList(2, words.size()));
                default -> throw new IllegalStateException("no line of a profile: " + line);
            }
        }
        return profile;
    }

    private static void rule(ObjectNode rule, List<String> words) {
        ArrayNode names = rule.putArray("names");
        for (String word : words) {
            int equals = word.indexOf('=');
            if (equals < 0) {
                names.add(word);
            } else {
                condition(rule, word.substring(0, equals), List.of(word.substring(equals + 1).split(",")));
            }
        }
    }

    private static void condition(ObjectNode rule, String kind, List<String> values) {
        switch (kind) {
            case "cap" -> texts(rule.withObject("/includes"), "caps", values);
            case "nocap" -> texts(rule.withObject("/excludes"), "caps", values);
            case "on" -> texts(rule.withObject("/includes"), "arches", values);
            case "noton" -> texts(rule.withObject("/excludes"), "arches", values);
            case "kernel" -> rule.withObject("/includes").put("minKernel", values.getFirst());
            case "arg" -> rule.withArray("/args")
                    .addObject()
                    .put("index", Integer.parseInt(values.get(0)))
                    .put("op", "SCMP_CMP_" + values.get(1))
                    .put("value", new BigInteger(values.get(2)))
                    .put("valueTwo", BigInteger.ZERO);
            default -> throw new IllegalStateException("no condition of a profile: " + kind);
        }
    }

    private static void texts(ObjectNode tree, String field, List<String> texts) {
        ArrayNode list = tree.putArray(field);
        texts.forEach(list::add);
    }
}
