package dev.patchbay.executor.runc;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.Supplier;

/** A clock that a test makes fail or wait: the one thing in the reading of a log that it can. */
final class ScriptedClock extends Clock {
    private final Supplier<Instant> script;

    ScriptedClock(Supplier<Instant> script) {
        this.script = script;
    }

    @Override
    public Instant instant() {
        return script.get();
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
