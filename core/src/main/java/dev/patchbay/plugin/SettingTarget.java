package dev.patchbay.plugin;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Something in a configuration that may be set.
 *
 * @param kind what it is
 * @param name what the user calls it
 * @param settable the fields its author opened
 * @param present whether it has a value that setting replaces
 */
record SettingTarget(Kind kind, String name, Slice<String> settable, boolean present) {

    /** All targets, in the order in which a name is looked up. */
    static List<SettingTarget> of(PluginConfig config) {
        var targets = new ArrayList<SettingTarget>();
        config.env().forEach(e -> targets.add(new SettingTarget(Kind.ENV, e.name(), e.settable(), true)));
        config.mounts()
                .forEach(m -> targets.add(
                        new SettingTarget(Kind.MOUNT, m.name(), m.settable(), m.source().isPresent())));
        config.linux()
                .devices()
                .forEach(d -> targets.add(
                        new SettingTarget(Kind.DEVICE, d.name(), d.settable(), d.path().isPresent())));
        targets.add(new SettingTarget(Kind.ARGS, config.args().name(), config.args().settable(), true));
        return targets;
    }

    /** Whether the field exists for this kind at all. */
    boolean knows(Field field) {
        return field == kind.published || kind.ours.filter(field::equals).isPresent();
    }

    /** The field itself, if the author opened it. Ours need the one that they are another way to write. */
    Field checked(String left, Field field) {
        if (!settable.items().contains(kind.published.word())) {
            throw notSettable(left);
        }
        if (!present) {
            throw new InvalidSettingException("plugin config has no " + kind.missing);
        }
        return field;
    }

    /** The field that is meant where none is written. */
    Field onlyField(String left) {
        if (settable.size() > 1) {
            throw new InvalidSettingException("multiple fields are settable, one must be specified");
        }
        return checked(left, kind.published);
    }

    static InvalidSettingException notSettable(String left) {
        return new InvalidSettingException("\"" + left + "\" is not settable");
    }

    /** What can be set. */
    enum Kind {
        /** A variable of the environment. */
        ENV(Field.VALUE, Optional.of(Field.UNSET), "env value"),
        /** A mount. */
        MOUNT(Field.SOURCE, Optional.empty(), "mount source"),
        /** A device. */
        DEVICE(Field.PATH, Optional.empty(), "device path"),
        /** The arguments as a whole. */
        ARGS(Field.VALUE, Optional.of(Field.JSON), "args value");

        private final Field published;
        private final Optional<Field> ours;
        private final String missing;

        Kind(Field published, Optional<Field> ours, String missing) {
            this.published = published;
            this.ours = ours;
            this.missing = missing;
        }

        /** What people call it. */
        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The word of the field that an author may open. */
        String fieldWord() {
            return published.word();
        }
    }

    /** What of it can be set. */
    enum Field {
        VALUE, SOURCE, PATH, UNSET, JSON;

        static Optional<Field> named(String word) {
            return Arrays.stream(values()).filter(field -> field.word().equals(word)).findFirst();
        }

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
