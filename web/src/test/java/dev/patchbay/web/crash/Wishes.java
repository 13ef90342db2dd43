package dev.patchbay.web.crash;

import dev.patchbay.web.crash.Account.Step;
import dev.patchbay.web.crash.Condition.Present;
import dev.patchbay.web.crash.SocketClient.Request;
import java.util.Optional;
import java.util.Random;

/** What users ask for: the next change of a plugin, by chance. For one thread. */
final class Wishes {
    /** The version of contexts. */
    static final String LOCAL = "v0";

    /** Versions in the registry, by their tags. */
    static final String[] PUBLISHED = {"v1", "v2"};

    private final Random random;
    private final String repository;
    private final byte[] context;
    private int greetings;

    Wishes(Random random, String repository, byte[] context) {
        this.random = random;
        this.repository = repository;
        this.context = context.clone();
    }

    Step next(Account account) {
        return switch (account.known()) {
            case Condition.Absent _ -> install(account.name());
            case Present present when present.enabled() -> stop(account.name(), present);
            case Present present -> change(account.name(), present);
        };
    }

    private Step install(String name) {
        if (random.nextBoolean()) {
            return new Step("create", Request.tar("/plugins/create?name=" + name, context),
                    Present.fresh(LOCAL));
        }
        String version = PUBLISHED[random.nextInt(PUBLISHED.length)];
        return new Step("pull " + version,
                Request.json("/plugins/pull?remote=" + repository + ":" + version + "&name=" + name, "[]"),
                Present.fresh(version));
    }

    private Step stop(String name, Present now) {
        if (random.nextInt(4) == 0) {
            // As Docker does it: switched off, which is stored, then removed.
            return new Step("remove by force", Request.delete("/plugins/" + name + "?force=1"),
                    Optional.of(now.enabled(false)), new Condition.Absent());
        }
        return new Step("disable", Request.post("/plugins/" + name + "/disable"), now.enabled(false));
    }

    private Step change(String name, Present now) {
        int dice = random.nextInt(100);
        if (dice < 50) {
            return new Step("enable", Request.post("/plugins/" + name + "/enable?timeout=60"),
                    now.enabled(true));
        }
        if (dice < 68) {
            String greeting = name + "-" + ++greetings + "-" + random.nextInt(1 << 20);
            return new Step("set " + greeting,
                    Request.json("/plugins/" + name + "/set",
                            "[\"" + Observation.GREETING + "=" + greeting + "\"]"),
                    now.greeting(greeting));
        }
        if (dice < 84) {
            String version = now.content().version().equals(PUBLISHED[0]) ? PUBLISHED[1] : PUBLISHED[0];
            return new Step("upgrade to " + version,
                    Request.json("/plugins/" + name + "/upgrade?remote=" + repository + ":" + version, "[]"),
                    now.upgraded(version));
        }
        if (dice < 92 && now.previous().isPresent()) {
            return new Step("roll back", Request.post("/patchbay/v1/plugins/" + name + "/rollback"),
                    now.rolledBack());
        }
        return new Step("remove", Request.delete("/plugins/" + name), new Condition.Absent());
    }
}
