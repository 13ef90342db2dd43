package dev.patchbay.limits;

import dev.patchbay.json.JsonTrees;
import dev.patchbay.limits.SeccompHost.Kernel;
import dev.patchbay.limits.SeccompRule.Arg;
import dev.patchbay.limits.SeccompRule.Filter;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Reads system call profiles in the form of Docker's (moby/profiles, {@code seccomp/seccomp.go}), strictly.
 *
 * <p>Not honoured, and therefore refused: {@code listenerPath}, {@code listenerMetadata} and {@code SCMP_ACT_NOTIFY}, which
 * need somebody who listens.
 */
final class SeccompReader {
    private static final Set<String> ACTIONS = Set.of("SCMP_ACT_KILL", "SCMP_ACT_KILL_PROCESS",
            "SCMP_ACT_KILL_THREAD", "SCMP_ACT_TRAP", "SCMP_ACT_ERRNO", "SCMP_ACT_TRACE", "SCMP_ACT_ALLOW",
            "SCMP_ACT_LOG");
    private static final Set<String> WITH_ERRNO = Set.of("SCMP_ACT_ERRNO", "SCMP_ACT_TRACE");
    private static final Set<String> OPERATORS = Set.of("SCMP_CMP_NE", "SCMP_CMP_LT", "SCMP_CMP_LE",
            "SCMP_CMP_EQ",
            "SCMP_CMP_GE", "SCMP_CMP_GT", "SCMP_CMP_MASKED_EQ");
    private static final Set<String> FLAGS = Set.of("SECCOMP_FILTER_FLAG_TSYNC", "SECCOMP_FILTER_FLAG_LOG",
            "SECCOMP_FILTER_FLAG_SPEC_ALLOW", "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV");
    private static final Set<String> TOP = Set.of("defaultAction", "defaultErrnoRet", "architectures",
            "archMap",
            "flags", "syscalls");
    private static final Set<String> RULE = Set.of("names", "name", "action", "errnoRet", "args", "comment",
            "includes", "excludes");
    private static final String CALL = "[a-z0-9_]{1,64}";
    private static final String ARCHITECTURE = "SCMP_ARCH_[A-Z0-9_]{1,32}";
    private static final int MAX_ERRNO = 4095;
    private static final int MAX_ARGUMENT = 5;
    private static final int MAX_ITEMS = 4096;
    private static final BigInteger MAX_VALUE = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);

    private SeccompReader() {}

    static SeccompProfile read(byte[] json) {
        if (json.length > SeccompProfile.MAX_BYTES) {
            throw wrong("it is larger than " + SeccompProfile.MAX_BYTES + " bytes");
        }
        try {
            return profile(JsonTrees.STRICT.read(json));
        } catch (JacksonException e) {
            throw wrong("it is not JSON: " + e.getOriginalMessage());
        }
    }

    static SeccompProfile profile(JsonNode tree) {
        object("it", tree, TOP);
        List<String> architectures = texts("architectures", tree, ARCHITECTURE);
        Map<String, List<String>> archMap = archMap(tree);
        if (!architectures.isEmpty() && !archMap.isEmpty()) {
            throw wrong("it has both architectures and archMap");
        }
        List<String> flags = texts("flags", tree, "[A-Z_]{1,64}");
        flags.stream().filter(flag -> !FLAGS.contains(flag)).findFirst().ifPresent(flag -> {
            throw wrong("flags has " + flag + ", which is not known");
        });
        String action = action("defaultAction", tree.path("defaultAction"));
        var rules = new ArrayList<SeccompRule>();
        for (JsonNode rule : list("syscalls", tree.path("syscalls"))) {
            rules.add(rule("syscalls[" + rules.size() + "]", rule));
        }
        return new SeccompProfile(action, errno("defaultErrnoRet", tree, action), architectures, archMap,
                flags,
                rules);
    }

    private static Map<String, List<String>> archMap(JsonNode tree) {
        var map = new LinkedHashMap<String, List<String>>();
        for (JsonNode entry : list("archMap", tree.path("archMap"))) {
            object("archMap", entry, Set.of("architecture", "subArchitectures"));
            String name = text("architecture in archMap", entry.path("architecture"), ARCHITECTURE);
            if (map.put(name, texts("subArchitectures", entry, ARCHITECTURE)) != null) {
                throw wrong("archMap has " + name + " twice");
            }
        }
        return map;
    }

    private static SeccompRule rule(String where, JsonNode tree) {
        object(where, tree, RULE);
        boolean hasName = !isAbsent(tree.path("name")) && !tree.path("name").asString("").isEmpty();
        List<String> names = texts(where + ".names", tree.path("names"), CALL);
        if (hasName == !names.isEmpty()) {
            throw wrong(where + " must have names, or else a name");
        }
        JsonNode comment = tree.path("comment");
        if (!isAbsent(comment) && !comment.isString()) {
            throw wrong(where + ".comment must be a text");
        }
        String action = action(where + ".action", tree.path("action"));
        return new SeccompRule(hasName ? List.of(text(where + ".name", tree.path("name"), CALL)) : names,
                action,
                errno(where + ".errnoRet", tree, action), args(where, tree.path("args")),
                filter(where + ".includes", tree.path("includes")),
                filter(where + ".excludes", tree.path("excludes")));
    }

    private static List<Arg> args(String where, JsonNode tree) {
        var args = new ArrayList<Arg>();
        for (JsonNode arg : list(where + ".args", tree)) {
            String here = where + ".args[" + args.size() + "]";
            object(here, arg, Set.of("index", "value", "valueTwo", "op"));
            int index = number(here + ".index", arg.path("index"), BigInteger.valueOf(MAX_ARGUMENT))
                    .intValue();
            String op = arg.path("op").asString("");
            if (!OPERATORS.contains(op)) {
                throw wrong(here + ".op is \"" + shown(op) + "\", which is not known");
            }
            BigInteger two = isAbsent(arg.path("valueTwo"))
                    ? BigInteger.ZERO
                    : number(here + ".valueTwo", arg.path("valueTwo"), MAX_VALUE);
            args.add(new Arg(index, number(here + ".value", arg.path("value"), MAX_VALUE), two, op));
        }
        return args;
    }

    private static Filter filter(String where, JsonNode tree) {
        if (isAbsent(tree)) {
            return Filter.NONE;
        }
        object(where, tree, Set.of("caps", "arches", "minKernel"));
        String least = isAbsent(tree.path("minKernel"))
                ? ""
                : text(where + ".minKernel", tree.path("minKernel"), "|\\d{1,3}\\.\\d{1,3}");
        Optional<Kernel> kernel = least.isEmpty() ? Optional.empty() : Kernel.ofRelease(least);
        return new Filter(texts(where + ".caps", tree.path("caps"), "CAP_[A-Z_]{1,60}"),
                texts(where + ".arches", tree.path("arches"), "[a-z0-9]{1,32}"), kernel);
    }

    private static String action(String where, JsonNode value) {
        String action = value.asString("");
        if (!ACTIONS.contains(action)) {
            throw wrong(where + " is \"" + shown(action) + "\", which "
                    + (action.equals("SCMP_ACT_NOTIFY") ? "nobody here listens to" : "is not known"));
        }
        return action;
    }

    private static OptionalInt errno(String where, JsonNode tree, String action) {
        JsonNode value = tree.path(where.substring(where.lastIndexOf('.') + 1));
        if (isAbsent(value)) {
            return OptionalInt.empty();
        }
        if (!WITH_ERRNO.contains(action)) {
            throw wrong(where + " means nothing with " + action);
        }
        return OptionalInt.of(number(where, value, BigInteger.valueOf(MAX_ERRNO)).intValue());
    }

    private static BigInteger number(String where, JsonNode value, BigInteger most) {
        if (!value.isIntegralNumber() || value.bigIntegerValue().signum() < 0
                || value.bigIntegerValue().compareTo(most) > 0) {
            throw wrong(where + " must be a whole number from 0 to " + most);
        }
        return value.bigIntegerValue();
    }

    private static void object(String where, JsonNode tree, Set<String> fields) {
        if (!tree.isObject()) {
            throw wrong(where + " must be an object");
        }
        tree.propertyNames().stream().filter(name -> !fields.contains(name)).findFirst().ifPresent(name -> {
            throw wrong(where + " has \"" + shown(name) + "\", which cannot be honoured; known are "
                    + String.join(", ", fields.stream().sorted().toList()));
        });
    }

    private static List<JsonNode> list(String where, JsonNode value) {
        if (isAbsent(value)) {
            return List.of();
        }
        if (!value.isArray() || value.size() > MAX_ITEMS) {
            throw wrong(where + " must be a list of " + MAX_ITEMS + " items at most");
        }
        return value.valueStream().toList();
    }

    private static List<String> texts(String field, JsonNode value, String form) {
        JsonNode list = value.isObject() ? value.path(field) : value;
        return list(field, list).stream().map(item -> text(field, item, form)).toList();
    }

    private static String text(String where, JsonNode value, String form) {
        if (!value.isString() || !value.stringValue().matches(form)) {
            throw wrong(where + " has "
                    + (value.isString() ? "\"" + shown(value.stringValue()) + "\"" : "no text")
                    + " where something like " + form + " belongs");
        }
        return value.stringValue();
    }

    /** Go's encoder writes what is not there as null. */
    private static boolean isAbsent(JsonNode value) {
        return value.isMissingNode() || value.isNull();
    }

    private static String shown(String text) {
        String cut = text.length() > 64 ? text.substring(0, 64) + "…" : text;
        return cut.replaceAll("\\p{Cntrl}", "?");
    }

    private static IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException("the seccomp profile cannot be used: " + what);
    }
}
