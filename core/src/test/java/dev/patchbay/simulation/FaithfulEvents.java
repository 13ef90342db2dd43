package dev.patchbay.simulation;

import dev.patchbay.Plugins;
import dev.patchbay.event.Cursor;
import dev.patchbay.event.EventSignal;
import dev.patchbay.event.EventSignal.Beginning;
import dev.patchbay.event.From;
import dev.patchbay.event.PluginEvent;
import dev.patchbay.event.Subscription;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A subscriber of one process after the other, who goes on where he was. */
final class FaithfulEvents implements Invariant {
    private final World world;
    private final Map<Cursor, PluginEvent> heard = new HashMap<>();
    private @Nullable Cursor place;

    FaithfulEvents(World world) {
        this.world = world;
    }

    @Override
    public String sentence() {
        return "who resumes sees the journal minus announced gaps, in order, and no place has two events";
    }

    void resume(Plugins plugins) {
        Cursor from = place;
        var asked = from == null ? Subscription.from(new From.Oldest()) : Subscription.after(from);
        var _ = plugins.events(asked).subscribe(this::hear, this::fail);
    }

    private void fail(Throwable e) {
        broken("the stream fails: " + e);
    }

    private void hear(EventSignal signal) {
        Cursor before = place;
        switch (signal) {
            case EventSignal.Subscribed(Beginning reason, Cursor from, Cursor head) -> {
                if (reason == Beginning.FUTURE) {
                    broken("what was told at " + before + " is not there, but " + head);
                } else if (reason == Beginning.OK && before != null && !before.equals(from)) {
                    broken("resumed at " + from + " instead of " + before);
                }
                place = from;
            }
            case EventSignal.Happened(PluginEvent event, long _) -> {
                if (before == null || !event.cursor().equals(before.at(before.seq() + 1))) {
                    broken(event.cursor() + " after " + before);
                }
                place = event.cursor();
                know(event);
            }
            case EventSignal.Gap(Cursor from, Cursor to, var _) -> {
                if (!from.equals(before)) {
                    broken("a gap from " + from + " at " + before);
                }
                place = to;
            }
            case EventSignal.Passed _ -> broken("a bookmark that nobody asked for");
        }
    }

    /** Somebody heard this. */
    void know(PluginEvent event) {
        PluginEvent other = heard.putIfAbsent(event.cursor(), event);
        if (other != null && !other.equals(event)) {
            broken(event + " and " + other);
        }
    }

    private void broken(String how) {
        world.witness().broken(this, how);
    }
}
