package dev.patchbay.plugin;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Finds what a user changed and assigns it anew to the next version, by the rules by which users assign.
 *
 * <p>Of several variables with one name the last counts, as for the program that reads them; of several mounts or devices
 * the first, as for {@code set}. Those without a name can be set by nobody. One thread uses it, once.
 */
final class CarryOver {
    private final Settings initial;
    private final SettingsEditor editor;
    private final Set<String> dropped = new LinkedHashSet<>();

    private CarryOver(PluginConfig next) {
        this.initial = Settings.initial(next);
        this.editor = new SettingsEditor(initial, next);
    }

    static CarriedSettings of(Settings settings, PluginConfig old, PluginConfig next) {
        var carry = new CarryOver(next);
        Settings before = Settings.initial(old);
        carry.env(variables(before), variables(settings), variables(carry.initial));
        carry.mounts(sources(before), sources(settings), sources(carry.initial));
        carry.devices(paths(before), paths(settings), paths(carry.initial));
        carry.args(old.args().name(), before.args(), settings.args());
        return new CarriedSettings(carry.editor.result(), List.copyOf(carry.dropped));
    }

    private void env(Map<String, String> before, Map<String, String> now, Map<String, String> next) {
        changed(before, now, next).forEach(
                (name, value) -> assign(SettingTarget.Kind.ENV, name, SettingTarget.Field.VALUE, value));
        for (String name : before.keySet()) {
            if (!now.containsKey(name) && next.containsKey(name)) {
                assign(SettingTarget.Kind.ENV, name, SettingTarget.Field.UNSET, "");
            }
        }
    }

    private void mounts(Map<String, String> before, Map<String, String> now, Map<String, String> next) {
        changed(before, now, next).forEach(
                (name, value) -> assign(SettingTarget.Kind.MOUNT, name, SettingTarget.Field.SOURCE, value));
    }

    private void devices(Map<String, String> before, Map<String, String> now, Map<String, String> next) {
        changed(before, now, next).forEach(
                (name, value) -> assign(SettingTarget.Kind.DEVICE, name, SettingTarget.Field.PATH, value));
    }

    private void args(String name, List<String> before, List<String> now) {
        if (now.equals(before) || now.equals(initial.args())) {
            return;
        }
        if (name.isEmpty()) {
            dropped.add(SettingTarget.Kind.ARGS.word());
            return;
        }
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        now.forEach(list::add);
        assign(SettingTarget.Kind.ARGS, name, SettingTarget.Field.JSON, list.toString());
    }

    private void assign(SettingTarget.Kind kind, String name, SettingTarget.Field field, String value) {
        try {
            editor.assign(kind, name, field, value);
        } catch (InvalidSettingException _) {
            dropped.add(name); // the exception would say no more than that
        }
    }

    /** What differs from before, and from what the next version has by itself. */
    private static Map<String, String> changed(Map<String, String> before, Map<String, String> now,
            Map<String, String> next) {
        var changed = new LinkedHashMap<>(now);
        changed.remove("");
        changed.entrySet()
                .removeIf(entry -> Objects.equals(entry.getValue(), before.get(entry.getKey()))
                        || Objects.equals(entry.getValue(), next.get(entry.getKey())));
        return changed;
    }

    /** A variable without an equals sign is an empty one. */
    private static Map<String, String> variables(Settings settings) {
        var values = new LinkedHashMap<String, String>();
        for (String entry : settings.env()) {
            int equals = entry.indexOf('=');
            values.put(equals < 0 ? entry : entry.substring(0, equals),
                    equals < 0 ? "" : entry.substring(equals + 1));
        }
        return values;
    }

    private static Map<String, String> sources(Settings settings) {
        var values = new LinkedHashMap<String, Optional<String>>();
        settings.mounts().forEach(mount -> values.putIfAbsent(mount.name(), mount.source()));
        return present(values);
    }

    private static Map<String, String> paths(Settings settings) {
        var values = new LinkedHashMap<String, Optional<String>>();
        settings.devices().forEach(device -> values.putIfAbsent(device.name(), device.path()));
        return present(values);
    }

    private static Map<String, String> present(Map<String, Optional<String>> values) {
        var present = new LinkedHashMap<String, String>();
        values.forEach((name, value) -> value.ifPresent(text -> present.put(name, text)));
        return present;
    }
}
