package dev.patchbay.benchmarks.report;

import dev.patchbay.benchmarks.measure.Built;
import dev.patchbay.benchmarks.measure.DaemonHere;
import dev.patchbay.executor.runc.RuntimeProgram;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What figures depend on beside the code.
 *
 * @param host the machine
 * @param versions of programs and libraries, by name; programs that are not installed are missing
 */
public record Surroundings(Host host, Map<String, String> versions) {
    private static final List<String> PROGRAMS = List.of("runc", "crun", "conmon", "docker", "dockerd",
            "containerd", "docker-registry");
    private static final Pattern VERSION = Pattern.compile("(?:^|\\s)v?(\\d+\\.\\d[^\\s,]*)");
    private static final long PATIENCE_SECONDS = 20;
    private static final int LONGEST = 4096;

    /** Copies. */
    public Surroundings {
        versions = new TreeMap<>(versions);
    }

    /** Asks the machine and the programs that are installed. Blocks, some seconds at the worst. */
    public static Surroundings here() throws IOException {
        var versions = new TreeMap<String, String>();
        versions.putAll(libraries());
        versions.put("java", Runtime.version() + ", " + System.getProperty("java.vm.name"));
        for (String program : PROGRAMS) {
            var found = RuntimeProgram.find(program);
            if (found.isPresent()) {
                versions.put(program, versionIn(ask(List.of(found.get().toString(), "--version"))));
            }
        }
        return new Surroundings(Host.ofThisMachine(), versions);
    }

    /** The libraries that take part, as the build has written them down. */
    private static Map<String, String> libraries() throws IOException {
        var properties = new Properties();
        try (InputStream in = Surroundings.class.getResourceAsStream("/versions.properties")) {
            properties.load(Objects.requireNonNull(in, "the versions of libraries are missing"));
        }
        return properties.stringPropertyNames()
                .stream()
                .collect(Collectors.toMap(name -> name, properties::getProperty));
    }

    /** The same with the version of the daemon that is measured. */
    public Surroundings with(Built built) throws IOException {
        var more = new TreeMap<>(versions);
        more.put("patchbay", versionIn(ask(List.of(DaemonHere.program(built), "version"))));
        return new Surroundings(host, more);
    }

    /** What looks like a version in what a program says of itself; all of it, if nothing does. */
    static String versionIn(String said) {
        var version = VERSION.matcher(said);
        return version.find() ? version.group(1) : said;
    }

    /** The first line that a program prints. */
    private static String ask(List<String> line) throws IOException {
        Process process = new ProcessBuilder(line).redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .start();
        try (var out = process.getInputStream()) {
            var _ = process.onExit().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).whenComplete((_, late) -> {
                if (late != null) {
                    process.destroyForcibly();
                }
            });
            String said = new String(out.readNBytes(LONGEST), StandardCharsets.UTF_8);
            return said.lines().findFirst().orElse("it does not say").strip();
        } finally {
            process.destroyForcibly();
        }
    }
}
