package dev.patchbay.web.daemon;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a new reading of the configuration changes.
 *
 * @param applied what takes effect at once
 * @param needsRestart what takes effect at the next start
 * @param now what is in effect afterwards
 */
record Reload(List<Setting> applied, List<Setting> needsRestart, Given now) {
    private static final Set<Setting> AT_ONCE = EnumSet.of(Setting.LOG_LEVEL, Setting.SHUTDOWN_TIMEOUT);

    /** Compares what is in effect with a new reading. */
    static Reload between(Given inEffect, Given read) {
        List<Setting> applied = new ArrayList<>();
        List<Setting> needsRestart = new ArrayList<>();
        Map<Setting, List<String>> texts = new EnumMap<>(Setting.class);
        texts.putAll(inEffect.texts());
        for (Setting setting : Setting.values()) {
            if (isSame(setting, inEffect, read)) {
                continue;
            }
            if (!AT_ONCE.contains(setting)) {
                needsRestart.add(setting);
                continue;
            }
            applied.add(setting);
            texts.remove(setting);
            if (!read.all(setting).isEmpty()) {
                texts.put(setting, read.all(setting));
            }
        }
        return new Reload(applied, needsRestart, new Given(texts, inEffect.runtimes()));
    }

    private static boolean isSame(Setting setting, Given before, Given after) {
        return setting == Setting.ADD_RUNTIME
                ? before.runtimes().equals(after.runtimes())
                : before.all(setting).equals(after.all(setting));
    }
}
