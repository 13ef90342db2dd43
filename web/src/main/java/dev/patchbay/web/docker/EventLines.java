package dev.patchbay.web.docker;

import dev.patchbay.event.LoggedEvent;
import dev.patchbay.event.PluginEvent;
import dev.patchbay.web.feed.Encoding;
import dev.patchbay.web.feed.Said;
import io.netty.buffer.ByteBuf;
import java.time.Instant;
import java.util.Optional;

/**
 * Docker's words for events: a line for each that a client wants, and none for anything else, losses included.
 *
 * <p>What a client wants is decided here and not by the log, whose filters know nothing of prefixes and labels: once per
 * event, event loop and distinct filter, on the event loop. So clients may have as many filters as they like, at their
 * own loop's expense.
 *
 * @param until the time of the latest that is wanted
 */
record EventLines(Format format, DockerFilter filter, Optional<Instant> until) implements Encoding {
    /** How a line is written. A value. */
    interface Format {
        /** An event's line; must not be changed. */
        byte[] line(LoggedEvent event);
    }

    @Override
    public void write(ByteBuf out, Said said) {
        switch (said) {
            case Said.Happened(LoggedEvent logged, long _) -> {
                if (isWanted(logged.event())) {
                    out.writeBytes(format.line(logged));
                }
            }
            case Said.Began _,Said.Lost _,Said.Passed _ -> {
            }
            case Said.SnapshotBegan _,Said.Plugin _,Said.SnapshotEnded _ -> {
            } // nobody can ask for them here
        }
    }

    @Override
    public boolean tellsLosses() {
        return false;
    }

    private boolean isWanted(PluginEvent event) {
        return (until.isEmpty() || !event.time().isAfter(until.get())) && filter.test(event);
    }
}
