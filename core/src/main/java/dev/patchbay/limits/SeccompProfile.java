package dev.patchbay.limits;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A system call profile in the form of Docker's, which is that of the OCI runtime spec with conditions: rules may count for
 * some capabilities, architectures and kernels only.
 *
 * @param defaultAction what happens to calls that no rule is about
 * @param defaultErrnoRet the error that their callers get, if the action gives one
 * @param architectures those that it is for, to the letter; or
 * @param archMap those that it is for, by that of the machine
 * @param flags of seccomp(2)
 * @param rules in their order
 */
public record SeccompProfile(String defaultAction, OptionalInt defaultErrnoRet, List<String> architectures,
        Map<String, List<String>> archMap, List<String> flags, List<SeccompRule> rules) {
    /** Copies. */
    public SeccompProfile {
        architectures = List.copyOf(architectures);
        archMap = Map.copyOf(archMap);
        flags = List.copyOf(flags);
        rules = List.copyOf(rules);
    }

    /** How large a profile may be, in bytes of JSON. Docker's own has 15,000. */
    public static final int MAX_BYTES = 256 << 10;

    /**
     * Reads a profile. Nothing in it is passed over: what is not known here, or cannot be honoured, is an error, since it
     * would be a rule that its author believes in.
     *
     * @throws IllegalArgumentException if it is no such profile; the sentence says where and what
     */
    public static SeccompProfile read(byte[] json) {
        return SeccompReader.read(json);
    }

    /** Docker's default profile for containers. */
    public static SeccompProfile builtin() {
        return BuiltinSeccomp.PROFILE;
    }

    /**
     * What a runtime is given for a plugin: {@code linux.seccomp} of the OCI runtime spec.
     *
     * @param capabilities the plugin's bounding set
     */
    public ObjectNode tree(Collection<String> capabilities, SeccompHost host) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        tree.put("defaultAction", defaultAction);
        defaultErrnoRet.ifPresent(number -> tree.put("defaultErrnoRet", number));
        texts(tree, "architectures", architectures(host));
        texts(tree, "flags", flags);
        ArrayNode calls = tree.putArray("syscalls");
        rules.stream()
                .filter(rule -> rule.appliesTo(capabilities, host))
                .map(SeccompRule::tree)
                .forEach(calls::add);
        return tree;
    }

    private List<String> architectures(SeccompHost host) {
        String own = host.ociArchitecture();
        if (!archMap.containsKey(own)) {
            return architectures;
        }
        return Stream.concat(Stream.of(own), archMap.getOrDefault(own, List.of()).stream()).toList();
    }

    private static void texts(ObjectNode tree, String field, List<String> texts) {
        if (!texts.isEmpty()) {
            ArrayNode list = tree.putArray(field);
            texts.forEach(list::add);
        }
    }
}
