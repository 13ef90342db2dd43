package dev.patchbay.web.docker;

import dev.patchbay.reference.Reference;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code RegistryConfig} in {@code /info} (moby {@code api/types/registry/registry.go}). */
final class RegistriesJson {
    private static final List<String> ALWAYS_INSECURE = List.of("127.0.0.0/8", "::1/128");

    private RegistriesJson() {}

    /** The object. */
    static ObjectNode tree(EngineInfo.Registries registries) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        ArrayNode networks = tree.putArray("InsecureRegistryCIDRs");
        registries.insecure().stream().filter(RegistriesJson::isNetwork).forEach(networks::add);
        ALWAYS_INSECURE.stream()
                .filter(network -> !registries.insecure().contains(network))
                .forEach(networks::add);
        ObjectNode indexes = tree.putObject("IndexConfigs");
        add(indexes, Reference.DEFAULT_DOMAIN, registries.mirrors(), true);
        registries.insecure()
                .stream()
                .filter(name -> !isNetwork(name))
                .forEach(name -> add(indexes, name, List.of(), false));
        ArrayNode mirrors = tree.putArray("Mirrors");
        registries.mirrors().forEach(mirrors::add);
        return tree;
    }

    private static boolean isNetwork(String name) {
        return name.contains("/");
    }

    private static void add(ObjectNode indexes, String name, List<String> mirrors, boolean isHub) {
        ObjectNode index = indexes.putObject(name);
        ArrayNode list = index.put("Name", name).putArray("Mirrors");
        mirrors.forEach(list::add);
        index.put("Secure", isHub).put("Official", isHub);
    }
}
