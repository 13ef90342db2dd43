package dev.patchbay.benchmarks.load;

import dev.patchbay.benchmarks.measure.Endpoint;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** One load test, from the first connection to the last answer. */
final class LoadSession {
    /** How long events may still come after the last was made. */
    private static final Duration LATE = Duration.ofSeconds(30);
    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** Connections that make events: a change of a setting takes a few milliseconds. */
    private static final int EVENT_CONNECTIONS = 32;

    private final LoadOptions options;
    private final Endpoint endpoint;
    private final LoadPlugins plugins;
    private final Progress progress;
    private final Stop stop;

    LoadSession(LoadOptions options, Endpoint endpoint, LoadPlugins plugins, Progress progress, Stop stop) {
        this.options = options;
        this.endpoint = endpoint;
        this.plugins = plugins;
        this.progress = progress;
        this.stop = stop;
    }

    /** Runs it, to its end or until somebody wants it to stop. */
    LoadFindings run() throws IOException, InterruptedException {
        Optional<LoadProcess> subscribers = subscribe();
        try {
            var loads = new ArrayList<CommandLoad>();
            try {
                Optional<CommandLoad> events = subscribers.map(_ -> startEvents());
                events.ifPresent(loads::add);
                Optional<CommandLoad> commands = startCommands();
                commands.ifPresent(loads::add);
                return measured(new Parts(subscribers, events, commands), loads);
            } finally {
                for (CommandLoad load : loads) {
                    load.close();
                }
            }
        } finally {
            if (subscribers.isPresent()) {
                subscribers.get().close();
            }
        }
    }

    /** What is going on. */
    private record Parts(Optional<LoadProcess> subscribers, Optional<CommandLoad> events,
            Optional<CommandLoad> commands) {
        LoadFindings findings(LoadOptions options, Duration measured)
                throws IOException, InterruptedException {
            Optional<LoadResult> got = subscribers.isPresent()
                    ? Optional.of(subscribers.get().result())
                    : Optional.empty();
            return LoadFindings.of(options, measured, got, events, commands);
        }
    }

    private LoadFindings measured(Parts parts, List<CommandLoad> loads)
            throws IOException, InterruptedException {
        pass("warming up", options.warmUp(), parts);
        if (parts.subscribers().isPresent()) {
            parts.subscribers().get().reset();
        }
        loads.forEach(CommandLoad::reset);
        long begin = System.nanoTime();
        LoadFindings last = pass("", options.duration(), parts);
        if (stop.isAsked()) {
            return last; // a second old at most: the other processes were told to end as well
        }
        Duration measured = Duration.ofNanos(System.nanoTime() - begin);
        for (CommandLoad load : loads) {
            load.close();
        }
        if (parts.subscribers().isPresent()) {
            awaitAll(parts.subscribers().get());
        }
        return parts.findings(options, measured);
    }

    /** Lets time pass and tells what happens. @return what was found up to now */
    private LoadFindings pass(String what, Duration time, Parts parts)
            throws IOException, InterruptedException {
        long begin = System.nanoTime();
        LoadFindings now = parts.findings(options, Duration.ofNanos(1));
        while (System.nanoTime() - begin < time.toNanos() && !stop.isAsked()) {
            long left = time.toNanos() - (System.nanoTime() - begin);
            if (stop.await(Math.min(SECOND_NANOS, left))) {
                return now;
            }
            var passed = Duration.ofNanos(System.nanoTime() - begin);
            now = parts.findings(options, passed);
            progress.at(passed.toSeconds(), String.format(Locale.ROOT, "%s%d s of %d s: %s",
                    what.isEmpty() ? "" : what + ", ", passed.toSeconds(), time.toSeconds(), now.brief()));
        }
        return now;
    }

    private void awaitAll(LoadProcess subscribers) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        while (subscribers.result().behind() > 0 && System.nanoTime() - begin < LATE.toNanos()) {
            if (stop.await(SECOND_NANOS / 10)) {
                return;
            }
        }
    }

    private Optional<LoadProcess> subscribe() throws IOException, InterruptedException {
        LoadOptions.Stream stream = options.stream();
        if (stream.subscribers() == 0) {
            return Optional.empty();
        }
        progress.at(0, "connecting " + stream.subscribers() + " subscribers to " + endpoint);
        String query = stream.filters()
                .stream()
                .map(LoadSession::parameter)
                .collect(Collectors.joining("&", stream.filters().isEmpty() ? "" : "?", ""));
        return Optional.of(LoadProcess.start(
                LoadPlan.events(endpoint.target(), query, stream.subscribers(), stream.mix(),
                        options.access())));
    }

    private static String parameter(String filter) {
        int equals = filter.indexOf('=');
        return filter.substring(0, equals + 1)
                + URLEncoder.encode(filter.substring(equals + 1), StandardCharsets.UTF_8);
    }

    private CommandLoad startEvents() {
        return CommandLoad.start(endpoint, plugins, List.of(CommandKind.SET), EVENT_CONNECTIONS,
                Schedule.perSecond(options.stream().rate(), System.nanoTime()));
    }

    private Optional<CommandLoad> startCommands() {
        LoadOptions.Commands commands = options.commands();
        if (commands.kinds().isEmpty()) {
            return Optional.empty();
        }
        Schedule schedule = commands.rate().isPresent()
                ? Schedule.perSecond(commands.rate().getAsDouble(), System.nanoTime())
                : Schedule.asFastAsAnswered();
        return Optional.of(
                CommandLoad.start(endpoint, plugins, commands.kinds(), commands.connections(), schedule));
    }
}
