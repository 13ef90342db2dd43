package dev.patchbay.limits;

import dev.patchbay.json.JsonTrees;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JSON of limits, in the native API and on disk: {@code memoryBytes}, {@code cpus} (a number such as 1.5), {@code pids},
 * {@code noNewPrivileges}, {@code readOnlyRootfs}, and {@code seccomp}, which is {@code "unconfined"}, {@code "builtin"} or
 * a profile, an object. What is absent or null is not set.
 */
public final class LimitsJson {
    /** How large the JSON of overrides may be, in bytes: a profile, and room for the rest. */
    public static final int MAX_BYTES = 2 * SeccompProfile.MAX_BYTES;

    private static final Set<String> FIELDS = Set.of("memoryBytes", "cpus", "pids", "noNewPrivileges",
            "readOnlyRootfs", "seccomp");
    private static final int NANO_DIGITS = 9;
    private static final int MAX_DIGITS = 32;

    private static final JsonTrees TREES = JsonTrees.STRICT.exact();

    private LimitsJson() {}

    /** The overrides that are set. */
    public static ObjectNode tree(LimitOverrides overrides) {
        ObjectNode tree = summary(overrides);
        overrides.seccomp().ifPresent(seccomp -> tree.set("seccomp", seccomp(seccomp)));
        return tree;
    }

    /** The same, in which a profile of the operator's is {@code "custom"}: it may be large, and is parsed to be shown. */
    public static ObjectNode summary(LimitOverrides overrides) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        numbers(tree, overrides.memoryMaxBytes(), overrides.nanoCpus(), overrides.pidsMax());
        overrides.noNewPrivileges().ifPresent(on -> tree.put("noNewPrivileges", on));
        overrides.readOnlyRootfs().ifPresent(on -> tree.put("readOnlyRootfs", on));
        overrides.seccomp().ifPresent(seccomp -> tree.put("seccomp", seccomp.label()));
        return tree;
    }

    /** The limits that are in force; a profile of the operator's is {@code "custom"}. */
    public static ObjectNode tree(PluginLimits limits) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        numbers(tree, limits.memoryMaxBytes(), limits.nanoCpus(), limits.pidsMax());
        return tree.put("noNewPrivileges", limits.noNewPrivileges())
                .put("readOnlyRootfs", limits.readOnlyRootfs())
                .put("seccomp", limits.seccomp().label());
    }

    private static void numbers(ObjectNode tree, OptionalLong memory, OptionalLong nanoCpus,
            OptionalLong pids) {
        memory.ifPresent(bytes -> tree.put("memoryBytes", bytes));
        nanoCpus.ifPresent(nanos -> tree.put("cpus", cpus(nanos)));
        pids.ifPresent(count -> tree.put("pids", count));
    }

    /** Billionths of a processor as people write them. */
    public static BigDecimal cpus(long nanoCpus) {
        BigDecimal cpus = BigDecimal.valueOf(nanoCpus, NANO_DIGITS).stripTrailingZeros();
        return cpus.scale() < 0 ? cpus.setScale(0) : cpus; // 10, not 1E+1
    }

    private static JsonNode seccomp(Seccomp seccomp) {
        return switch (seccomp) {
            case Seccomp.Custom(String json) -> TREES.read(json);
            case Seccomp.Unconfined _,Seccomp.Builtin _ ->
                JsonNodeFactory.instance.stringNode(seccomp.label());
        };
    }

    /**
     * Reads overrides.
     *
     * @throws IllegalArgumentException if that is something else, or a value is out of its range; the sentence says which
     */
    public static LimitOverrides read(byte[] json) {
        if (json.length > MAX_BYTES) {
            throw new IllegalArgumentException("limits are larger than " + MAX_BYTES + " bytes");
        }
        try {
            return overrides(TREES.read(json));
        } catch (JacksonException e) {
            throw new IllegalArgumentException("limits must be a JSON object: " + e.getOriginalMessage(), e);
        }
    }

    /** The same from a tree. */
    public static LimitOverrides overrides(JsonNode tree) {
        if (!tree.isObject()) {
            throw new IllegalArgumentException("limits must be a JSON object");
        }
        tree.propertyNames().stream().filter(name -> !FIELDS.contains(name)).findFirst().ifPresent(name -> {
            throw new IllegalArgumentException("there is no limit \""
                    + (name.length() > MAX_DIGITS ? name.substring(0, MAX_DIGITS) + "…" : name)
                    + "\"; there are "
                    + String.join(", ", FIELDS.stream().sorted().toList()));
        });
        return new LimitOverrides(number(tree, "memoryBytes"), cpus(tree.path("cpus")), number(tree, "pids"),
                flag(tree, "noNewPrivileges"), flag(tree, "readOnlyRootfs"), seccomp(tree.path("seccomp")));
    }

    private static OptionalLong number(JsonNode tree, String field) {
        JsonNode value = tree.path(field);
        if (isAbsent(value)) {
            return OptionalLong.empty();
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new IllegalArgumentException(field + " must be a whole number");
        }
        return OptionalLong.of(value.longValue());
    }

    private static OptionalLong cpus(JsonNode value) {
        if (isAbsent(value)) {
            return OptionalLong.empty();
        }
        if (!value.isNumber()) {
            throw new IllegalArgumentException("cpus must be a number such as 1.5");
        }
        return OptionalLong.of(nanoCpus(value.asString()));
    }

    /**
     * Billionths of a processor, from what people write: {@code 1.5}.
     *
     * @throws IllegalArgumentException if it is no number, or one with more than 9 decimals
     */
    public static long nanoCpus(String cpus) {
        try {
            if (cpus.length() <= MAX_DIGITS) {
                BigDecimal number = new BigDecimal(cpus);
                if (Math.abs(number.scale()) <= MAX_DIGITS) { // 1e999999999 would fill the memory
                    return number.movePointRight(NANO_DIGITS).longValueExact();
                }
            }
        } catch (ArithmeticException | NumberFormatException _) {
            // said below
        }
        throw new IllegalArgumentException(
                "a number of CPUs is one such as 1.5, with 9 decimals at most, and 1024 at most");
    }

    private static Optional<Boolean> flag(JsonNode tree, String field) {
        JsonNode value = tree.path(field);
        if (isAbsent(value)) {
            return Optional.empty();
        }
        if (!value.isBoolean()) {
            throw new IllegalArgumentException(field + " must be true or false");
        }
        return Optional.of(value.booleanValue());
    }

    private static Optional<Seccomp> seccomp(JsonNode value) {
        if (isAbsent(value)) {
            return Optional.empty();
        }
        if (value.isObject()) {
            byte[] json = TREES.write(value);
            return Optional.of(new Seccomp.Custom(new String(json, StandardCharsets.UTF_8)));
        }
        return switch (value.asString("")) {
            case "unconfined" -> Optional.of(new Seccomp.Unconfined());
            case "builtin" -> Optional.of(new Seccomp.Builtin());
            default -> throw new IllegalArgumentException(
                    "seccomp must be \"unconfined\", \"builtin\" or a profile in Docker's form, an object");
        };
    }

    private static boolean isAbsent(JsonNode value) {
        return value.isMissingNode() || value.isNull();
    }
}
