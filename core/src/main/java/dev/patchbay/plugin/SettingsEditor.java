package dev.patchbay.plugin;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Applies a user's assignments to a copy of the settings; the caller keeps the result only if all of them worked.
 *
 * <p>{@code name[.field][=value]}, as moby's {@code daemon/pkg/plugin/v2/settable.go} reads it, with three additions that
 * change nothing which works there:
 *
 * <ul>
 * <li>A name may contain dots. {@code a.b=1} sets field {@code b} of {@code a} if that is possible, else the setting
 * called {@code a.b}.
 * <li>{@code NAME.unset} takes a variable out of the environment, where {@code NAME=} only makes it empty.
 * <li>{@code ARGS.json=["a b","c"]} gives arguments that contain spaces, or none at all with {@code []};
 * {@code ARGS=a b c} cuts at every single space.
 * </ul>
 *
 * <p>Each assignment costs the same however many settings there are. One thread uses an editor, once.
 */
final class SettingsEditor {

    /** The longest value, in bytes of UTF-8 with its name: the kernel's MAX_ARG_STRLEN less the final zero byte. */
    static final int MAX_VALUE_BYTES = 131_071;

    /** The most assignments of one call. */
    static final int MAX_ASSIGNMENTS = 10_000;

    private final Map<String, SettingTarget> targets = new HashMap<>();
    private final Map<String, String> env = new LinkedHashMap<>();
    private final NamedEntries<PluginConfig.Mount> mounts;
    private final NamedEntries<PluginConfig.Device> devices;
    private List<String> args;

    SettingsEditor(Settings settings, PluginConfig config) {
        SettingTarget.of(config).forEach(target -> targets.putIfAbsent(target.name(), target));
        settings.env().forEach(entry -> env.put(variable(entry), entry));
        mounts = new NamedEntries<>(settings.mounts(), config.mounts().items(), PluginConfig.Mount::name);
        devices = new NamedEntries<>(settings.devices(), config.linux().devices().items(),
                PluginConfig.Device::name);
        args = settings.args();
    }

    static Settings apply(Settings settings, PluginConfig config, List<String> assignments) {
        if (assignments.size() > MAX_ASSIGNMENTS) {
            throw new InvalidSettingException("more than " + MAX_ASSIGNMENTS + " settings in one call: "
                    + assignments.size());
        }
        var editor = new SettingsEditor(settings, config);
        assignments.forEach(editor::assign);
        return editor.result();
    }

    /** The settings with everything that was assigned. */
    Settings result() {
        return new Settings(args, devices.all(), List.copyOf(env.values()), mounts.all());
    }

    /** Applies one assignment. @throws InvalidSettingException if it is not allowed; nothing is changed then */
    void assign(String assignment) {
        int equals = assignment.indexOf('=');
        String left = equals < 0 ? assignment : assignment.substring(0, equals);
        if (left.isEmpty()) {
            throw new InvalidSettingException("invalid format, must be <name>[.<field>][=<value>]");
        }
        String value = equals < 0 ? "" : assignment.substring(equals + 1);
        Chosen chosen = choose(left);
        if (chosen.field() == SettingTarget.Field.UNSET && equals >= 0) {
            throw new InvalidSettingException("\"" + left + "\" takes no value");
        }
        set(left, chosen, value);
    }

    /**
     * Applies one assignment to the setting of exactly this name and kind, whatever else the name could mean.
     *
     * @throws InvalidSettingException if there is none, or it is not allowed; nothing is changed then
     */
    void assign(SettingTarget.Kind kind, String name, SettingTarget.Field field, String value) {
        SettingTarget target = targets.get(name);
        if (target == null || target.kind() != kind) {
            throw SettingTarget.notSettable(name);
        }
        set(name, new Chosen(target, target.checked(name, field)), value);
    }

    private void set(String left, Chosen chosen, String value) {
        switch (chosen.field()) {
            case VALUE -> setValue(left, chosen.target(), value);
            case SOURCE -> mounts.replace(chosen.target().name(), m -> m.withSource(source(left, m, value)));
            case PATH -> devices.replace(chosen.target().name(), d -> d.withPath(path(left, value)));
            case UNSET -> env.remove(chosen.target().name());
            case JSON -> args = jsonArgs(left, value);
        }
    }

    private Chosen choose(String left) {
        int dot = left.lastIndexOf('.');
        if (dot > 0) {
            SettingTarget target = targets.get(left.substring(0, dot));
            var field = SettingTarget.Field.named(left.substring(dot + 1));
            if (target != null && field.filter(target::knows).isPresent()) {
                return new Chosen(target, target.checked(left, field.get()));
            }
        }
        SettingTarget whole = targets.get(left);
        if (whole != null) {
            return new Chosen(whole, whole.onlyField(left));
        }
        if (dot > 0 && targets.containsKey(left.substring(0, dot))) {
            throw SettingTarget.notSettable(left);
        }
        boolean namesField = dot > 0 && SettingTarget.Field.named(left.substring(dot + 1)).isPresent();
        String name = namesField ? left.substring(0, dot) : left;
        throw new InvalidSettingException("setting \"" + name + "\" not found in the plugin configuration");
    }

    private void setValue(String left, SettingTarget target, String value) {
        if (target.kind() == SettingTarget.Kind.ARGS) {
            args = checkedArgs(left, List.of(value.split(" ", -1)));
        } else {
            String entry = target.name() + "=" + value;
            check(left, entry);
            env.put(target.name(), entry);
        }
    }

    private static List<String> checkedArgs(String left, List<String> args) {
        args.forEach(arg -> check(left, arg));
        return args;
    }

    private static List<String> jsonArgs(String left, String value) {
        var problems = new ArrayList<ConfigProblem>();
        try {
            JsonNode parsed = GoJson.read(value.getBytes(StandardCharsets.UTF_8));
            Fields fields = Fields.of(JsonNodeFactory.instance.objectNode().set("args", parsed), problems);
            Slice<String> list = fields.strings("args");
            if (problems.isEmpty() && !list.absent()) {
                return checkedArgs(left, list.items());
            }
        } catch (InvalidPluginConfigException _) {
            // one sentence for every kind of malformed value: the parser's would quote the user's text
        }
        throw new InvalidSettingException("the value of \"" + left + "\" must be a JSON list of strings");
    }

    private static String source(String left, PluginConfig.Mount mount, String value) {
        check(left, value);
        return mount.isBind() ? path(left, value) : value;
    }

    private static String path(String left, String value) {
        check(left, value);
        if (!value.isEmpty() && !value.startsWith("/")) {
            throw new InvalidSettingException("the value of \"" + left + "\" must be an absolute path");
        }
        return value;
    }

    private static void check(String left, String text) {
        if (text.indexOf('\0') >= 0) {
            throw new InvalidSettingException("the value of \"" + left + "\" contains a zero byte");
        }
        // No char has more than three bytes in UTF-8, so most texts need no encoding to be judged.
        boolean maybeLong = 3L * text.length() > MAX_VALUE_BYTES;
        if (maybeLong && text.getBytes(StandardCharsets.UTF_8).length > MAX_VALUE_BYTES) {
            throw new InvalidSettingException(
                    "the value of \"" + left + "\" is longer than the " + MAX_VALUE_BYTES
                            + " bytes that Linux passes to a program");
        }
    }

    private static String variable(String entry) {
        int equals = entry.indexOf('=');
        return equals < 0 ? entry : entry.substring(0, equals);
    }

    private record Chosen(SettingTarget target, SettingTarget.Field field) {}
}
