package dev.patchbay.limits;

import dev.patchbay.limits.SeccompHost.Kernel;
import java.math.BigInteger;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * One rule of a system call profile.
 *
 * @param names the calls
 * @param action what happens
 * @param errnoRet the error that the caller gets, if the action gives one
 * @param args what the arguments must be, all of it
 * @param includes where the rule counts, all of it
 * @param excludes where it does not, any of it
 */
record SeccompRule(List<String> names, String action, OptionalInt errnoRet, List<Arg> args, Filter includes,
        Filter excludes) {
    SeccompRule {
        names = List.copyOf(names);
        args = List.copyOf(args);
    }

    /** What one argument is compared with; unsigned, 64 bits. */
    record Arg(int index, BigInteger value, BigInteger valueTwo, String op) {}

    /** What a rule depends on. */
    record Filter(List<String> caps, List<String> arches, Optional<Kernel> minKernel) {
        static final Filter NONE = new Filter(List.of(), List.of(), Optional.empty());

        Filter {
            caps = List.copyOf(caps);
            arches = List.copyOf(arches);
        }
    }

    /** Whether it counts for a plugin with these capabilities. Source: moby/profiles, {@code setupSeccomp}. */
    boolean appliesTo(Collection<String> capabilities, SeccompHost host) {
        boolean excluded = excludes.arches().contains(host.architecture())
                || excludes.caps().stream().anyMatch(capabilities::contains)
                || excludes.minKernel().filter(host.kernel()::isAtLeast).isPresent();
        return !excluded
                && (includes.arches().isEmpty() || includes.arches().contains(host.architecture()))
                && capabilities.containsAll(includes.caps())
                && includes.minKernel().map(host.kernel()::isAtLeast).orElse(true);
    }

    /** In the form of the OCI runtime spec, {@code config-linux.md}. */
    ObjectNode tree() {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        ArrayNode calls = tree.putArray("names");
        names.forEach(calls::add);
        tree.put("action", action);
        errnoRet.ifPresent(number -> tree.put("errnoRet", number));
        if (!args.isEmpty()) {
            ArrayNode list = tree.putArray("args");
            args.forEach(arg -> list.addObject()
                    .put("index", arg.index())
                    .put("value", arg.value())
                    .put("valueTwo", arg.valueTwo())
                    .put("op", arg.op()));
        }
        return tree;
    }
}
