package dev.patchbay.benchmarks.load;

import dev.patchbay.benchmarks.measure.Access;
import dev.patchbay.benchmarks.measure.Target;
import java.net.InetAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a load test's arguments. Pure. */
final class LoadOptionsReader {
    /** What {@code --help} says. */
    static final String HELP = """
            usage: load-test [--target URL] [OPTION...]

            Puts load on a running daemon over its API, and tells how it bears it. Without --target it starts
            a private daemon, which needs root, and removes it in the end.

              --target URL           unix:///PATH, http://HOST:PORT or https://HOST:PORT; tcp:// is http://, or https://
                                     if there are certificates
              --tlscacert FILE       certificates of those who vouch for the daemon (those whom this machine trusts)
              --tlscert FILE         the certificate that is shown to it, and
              --tlskey FILE          its key
              --token-file FILE      with the token that is sent to it, on a line of its own

            the event stream:
              --subscribers N        subscribers over WebSocket, 0 to 100000 (100, or 0 with --commands)
              --rate N               events a second (20)
              --event-bytes N        size of an event on the wire, 310 to 500 (350)
              --plugins N            plugins that the events are about, 1 to 1000 (10)
              --slow PERCENT         of the subscribers take 4 KiB a second and no more (0)
              --resume PERCENT       of the subscribers hang up every 2 to 4 s, and resume (0)
              --filter KEY=VALUE     type, plugin or capability, as the event stream has them; repeatable

            commands over HTTP, with keep-alive:
              --commands LIST        of list, inspect, cycle and set, separated by commas; they take turns (none)
              --command-rate N|max   commands a second (50, or 4 with cycle); max: as fast as they are answered
              --connections N        connections for them, 1 to 1000 (8)

              --duration TIME        as 90s, 5m or 1h (30s)
              --warm-up TIME         before that, and does not count (5s)
              --report FILE.txt      appends the results to it, and writes FILE.json and FILE.html beside it
              --help                 says this

            Events are made by the API: each is a setting that is changed, of plugins that are installed for it and
            removed in the end; their names are as long as events are to be. cycle enables the sample plugin and
            disables it, with a plugin for each connection.

            Latencies of commands count from when a command was due, not from when it was sent: a server that stalls
            is seen by all that were due meanwhile, and what was not sent when time was up counts with how long it
            had waited. With max nothing is due, and latencies are those of the answers alone. The age of an event is
            its time by the daemon's clock beside this machine's.

            exit code: 0 nothing was lost and nothing failed (what was late, or not sent in time, is told but costs
            nothing), 1 something was or the test could not be made,
            2 wrong arguments, 130 Control-C (what was found so far is told)
            """;

    private static final Set<String> KNOWN = Set.of("--target", "--tlscacert", "--tlscert",
            "--tlskey", "--token-file", "--subscribers", "--rate", "--event-bytes",
            "--plugins", "--slow", "--resume", "--filter", "--commands", "--command-rate", "--connections",
            "--duration",
            "--warm-up", "--report");
    private static final Pattern TIME = Pattern.compile("([0-9]{1,6})(ms|s|m|h)");
    private static final Set<String> FILTERS = Set.of("type", "plugin", "capability");
    private static final int PERCENT = 100;

    private final Map<String, List<String>> given = new LinkedHashMap<>();

    private LoadOptionsReader() {}

    static LoadOptions read(List<String> arguments) throws LoadUsageException {
        var reader = new LoadOptionsReader();
        reader.take(arguments);
        return reader.options();
    }

    private void take(List<String> arguments) throws LoadUsageException {
        for (int at = 0; at < arguments.size(); at++) {
            String word = arguments.get(at);
            int equals = word.indexOf('=');
            String name = equals > 0 ? word.substring(0, equals) : word;
            if (!KNOWN.contains(name)) {
                throw new LoadUsageException("there is no option " + name);
            }
            if (equals < 0 && ++at == arguments.size()) {
                throw new LoadUsageException(name + " needs a value");
            }
            String value = equals > 0 ? word.substring(equals + 1) : arguments.get(at);
            List<String> values = given.computeIfAbsent(name, _ -> new ArrayList<>());
            if (!values.isEmpty() && !name.equals("--filter")) {
                throw new LoadUsageException(name + " is given twice");
            }
            values.add(value);
        }
    }

    private LoadOptions options() throws LoadUsageException {
        var commands = commands();
        int subscribers = whole("--subscribers", commands.kinds().isEmpty() ? 100 : 0, 0, 100_000);
        if (subscribers == 0 && commands.kinds().isEmpty()) {
            throw new LoadUsageException("without subscribers and commands there is nothing to do");
        }
        int slow = whole("--slow", 0, 0, PERCENT);
        int resuming = whole("--resume", 0, 0, PERCENT);
        if (slow + resuming > PERCENT) {
            throw new LoadUsageException("--slow and --resume are more than 100 percent together");
        }
        var stream = new LoadOptions.Stream(subscribers, number("--rate", "20"),
                whole("--event-bytes", 350, LoadPlugins.LEAST_EVENT_BYTES, LoadPlugins.MOST_EVENT_BYTES),
                whole("--plugins", 10, 1, 1000), Mix.percent(subscribers, slow, resuming), filters());
        var access = access();
        return new LoadOptions(target(access), access, stream, commands, time("--warm-up", "5s"),
                time("--duration", "30s"),
                path("--report"));
    }

    private LoadOptions.Commands commands() throws LoadUsageException {
        var kinds = new ArrayList<CommandKind>();
        for (String name : one("--commands").map(text -> List.of(text.split(",", -1))).orElse(List.of())) {
            kinds.add(CommandKind.of(name)
                    .orElseThrow(() -> new LoadUsageException(
                            "--commands has list, inspect, cycle and set, not \"" + name + "\"")));
        }
        boolean isUnlimited = one("--command-rate").filter("max"::equals).isPresent();
        var rate = isUnlimited
                ? OptionalDouble.empty()
                : OptionalDouble.of(number("--command-rate", kinds.contains(CommandKind.CYCLE) ? "4" : "50"));
        return new LoadOptions.Commands(kinds, rate, whole("--connections", 8, 1, 1000));
    }

    private Access access() throws LoadUsageException {
        Optional<Path> certificate = path("--tlscert");
        Optional<Path> key = path("--tlskey");
        if (certificate.isPresent() != key.isPresent()) {
            throw new LoadUsageException("--tlscert and --tlskey go together");
        }
        return new Access(path("--tlscacert"),
                certificate.flatMap(one -> key.map(other -> new Access.Pair(one, other))),
                path("--token-file"));
    }

    private Optional<Target> target(Access access) throws LoadUsageException {
        boolean encrypts = access.authority().isPresent() || access.own().isPresent();
        Optional<Target> target = target();
        if (target.isEmpty() && !access.equals(Access.OPEN)) {
            throw new LoadUsageException("certificates and tokens are for the daemon at a --target");
        }
        if (!encrypts && access.tokenFile().isPresent() && target.isPresent()
                && target.get() instanceof Target.Tcp(var name, _) && !isThisMachine(name)) {
            throw new LoadUsageException("the token would go to " + name
                    + " for all to read: a token needs https://HOST:PORT, or a daemon of this machine");
        }
        if (!encrypts || target.isEmpty()) {
            return target;
        }
        return switch (target.get()) {
            case Target.Tls tls -> Optional.of(tls);
            case Target.Tcp(var name, var port) when isTcp() -> Optional.of(new Target.Tls(name, port));
            case Target.Tcp _,Target.Unix _ -> throw new LoadUsageException(
                    "certificates are for https://HOST:PORT, not " + target.get());
        };
    }

    private static boolean isThisMachine(String name) {
        try {
            return name.equals("localhost") || InetAddress.ofLiteral(name).isLoopbackAddress();
        } catch (IllegalArgumentException _) {
            return false; // a name, which may be anybody's
        }
    }

    private boolean isTcp() {
        return one("--target").orElse("").startsWith("tcp:");
    }

    private Optional<Target> target() throws LoadUsageException {
        try {
            return one("--target").map(Target::parse);
        } catch (IllegalArgumentException e) {
            throw new LoadUsageException(String.valueOf(e.getMessage()));
        }
    }

    private Optional<Path> path(String name) throws LoadUsageException {
        String text = one(name).orElse("");
        if (text.isEmpty() && given.containsKey(name)) {
            throw new LoadUsageException(name + " needs a value");
        }
        try {
            return Optional.of(text).filter(it -> !it.isEmpty()).map(Path::of);
        } catch (InvalidPathException _) {
            throw new LoadUsageException(name + " is a path, not \"" + text + "\"");
        }
    }

    private List<String> filters() throws LoadUsageException {
        List<String> filters = given.getOrDefault("--filter", List.of());
        for (String filter : filters) {
            int equals = filter.indexOf('=');
            if (equals < 0 || !FILTERS.contains(filter.substring(0, equals))) {
                throw new LoadUsageException(
                        "--filter is type=T, plugin=P or capability=C, not \"" + filter + "\"");
            }
        }
        return filters;
    }

    private Optional<String> one(String name) {
        return given.getOrDefault(name, List.of()).stream().findFirst();
    }

    private int whole(String name, int usual, int least, int most) throws LoadUsageException {
        String text = one(name).orElse(Integer.toString(usual));
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException _) {
            // falls through to the sentence below
        }
        throw new LoadUsageException(
                name + " is a whole number, " + least + " to " + most + ", not \"" + text + "\"");
    }

    private double number(String name, String usual) throws LoadUsageException {
        String text = one(name).orElse(usual);
        try {
            double number = Double.parseDouble(text);
            if (number > 0 && number <= 1e6) {
                return number;
            }
        } catch (NumberFormatException _) {
            // falls through to the sentence below
        }
        throw new LoadUsageException(name + " is a number above 0, up to 1000000, not \"" + text + "\"");
    }

    private Duration time(String name, String usual) throws LoadUsageException {
        String text = one(name).orElse(usual);
        Matcher found = TIME.matcher(text);
        if (!found.matches()) {
            throw new LoadUsageException(name + " is a time as 90s, 5m or 1h, not \"" + text + "\"");
        }
        long number = Long.parseLong(found.group(1));
        return switch (found.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            default -> Duration.ofHours(number);
        };
    }
}
