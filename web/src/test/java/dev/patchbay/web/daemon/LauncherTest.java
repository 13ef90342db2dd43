package dev.patchbay.web.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shell script {@code bin/patchbay}, with programs in the place of Java that only print how they were called. */
final class LauncherTest {
    private static final Path SOURCE = Path.of("src/main/dist");

    @TempDir
    @SuppressWarnings("NullAway") // JUnit fills it in
    private Path folder;

    private Path home = Path.of("");

    /** What a run printed, both streams together, and its exit code. */
    private record Result(int code, String output) {}

    @BeforeEach
    void makeDistribution() throws IOException {
        home = folder.resolve("dist");
        Files.createDirectories(home.resolve("bin"));
        Files.createDirectories(home.resolve("lib"));
        Files.createDirectories(folder.resolve("jvms"));
        Files.copy(SOURCE.resolve("bin/patchbay"), home.resolve("bin/patchbay"),
                StandardCopyOption.COPY_ATTRIBUTES);
        Files.copy(SOURCE.resolve("lib/java.options"), home.resolve("lib/java.options"));
        Files.writeString(home.resolve("lib/patchbay-web-1.jar"), "ours");
        Files.writeString(home.resolve("lib/other-1.jar"), "theirs");
    }

    @Test
    void isAScriptThatEveryPosixShellCanRead() throws Exception {
        assertThat(run(Map.of(), "/bin/sh", "-n", home.resolve("bin/patchbay").toString()))
                .isEqualTo(new Result(0, ""));
        assertThat(SOURCE.resolve("bin/patchbay")).isExecutable();
    }

    @Test
    void prefersTheJavaThatItIsTold() throws Exception {
        Path told = java("told", "27.1");
        Path ordinary = java("ordinary", "25.0.3");
        Result result = launch(
                Map.of("PATCHBAY_JAVA_HOME", told.toString(), "JAVA_HOME", ordinary.toString()), "version");
        assertThat(result.output()).startsWith("told ")
                .endsWith("dev.patchbay.web.daemon.Patchbay version\n");
    }

    @Test
    void refusesAToldJavaThatIsTooOld() throws Exception {
        java("jvms/good", "25");
        Path told = java("told", "21.0.2");
        Result result = launch(Map.of("PATCHBAY_JAVA_HOME", told.toString()));
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.output())
                .isEqualTo(
                        "patchbay: PATCHBAY_JAVA_HOME=" + told
                                + " holds no Java 25 or later; correct it, or unset it to have one looked for\n");
    }

    @Test
    void passesOverAnOldJavaHomeAndLooksAmongTheInstalledOnes() throws Exception {
        Path old = java("old", "17.0.15");
        java("jvms/a-1.8", "1.8.0_400");
        java("jvms/b-25", "25.0.3");
        Files.createDirectories(folder.resolve("jvms/c-empty"));
        assertThat(launch(Map.of("JAVA_HOME", old.toString())).output()).startsWith("b-25 ");
    }

    @Test
    void looksInPathLast() throws Exception {
        Path inPath = java("in-path", "25");
        Files.createDirectories(folder.resolve("links"));
        Files.createSymbolicLink(folder.resolve("links/java"), inPath.resolve("bin/java"));
        assertThat(launch(Map.of("PATH", folder + "/links:/usr/bin:/bin")).output()).startsWith("in-path ");
    }

    @Test
    void saysWhatToInstallWhenThereIsNoJava() throws Exception {
        Result result = launch(Map.of("PATH", programsWithoutJava()));
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.output())
                .startsWith("patchbay: no Java 25 or later found; install one (Debian 13: ");
    }

    @Test
    void passesOptionsAndArgumentsOnUnchanged() throws Exception {
        Path java = java("j", "25");
        Result result = launch(
                Map.of("PATCHBAY_JAVA_HOME", java.toString(), "PATCHBAY_JAVA_OPTS", "-Da=1 -Db=2"),
                "serve",
                "--root",
                "/with space");
        assertThat(result.output()).contains(" -Da=1 -Db=2 ").endsWith(" serve --root /with space\n");
    }

    @Test
    void worksThroughALink() throws Exception {
        Path java = java("j", "25");
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("dist/bin/patchbay"));
        Result result = run(Map.of("PATCHBAY_JAVA_HOME", java.toString()), link.toString(), "version");
        assertThat(result.output()).contains("-cp " + home.toRealPath() + "/lib/other-1.jar:");
    }

    @Test
    void hasSqliteLoadedFromWhereItLiesUnpackedForThisMachine() throws Exception {
        Path java = java("j", "25");
        var told = Map.of("PATCHBAY_JAVA_HOME", java.toString());
        Path native64 = Files.createDirectories(home.resolve("native/riscv64"));
        Files.writeString(native64.resolve("libsqlitejdbc.so"), "code");
        assertThat(launch(told).output()).doesNotContain("org.sqlite");
        Files.writeString(java.resolve("release"), "JAVA_VERSION=\"25\"\nOS_ARCH=\"x86_64\"\n");
        assertThat(launch(told).output()).doesNotContain("org.sqlite");

        Files.writeString(java.resolve("release"), "OS_ARCH=\"riscv64\"\nJAVA_VERSION=\"25\"\n");
        assertThat(launch(told).output()).contains(" -Dorg.sqlite.lib.path=" + native64.toRealPath() + " ");
    }

    @Test
    void usesTheClassCacheOnlyForWhatItWasMadeFrom() throws Exception {
        var told = Map.of("PATCHBAY_JAVA_HOME", java("j", "25").toString());
        assertThat(launch(told).output()).contains("-XX:AOTMode=off");
        train(told);
        assertThat(launch(told).output()).contains("-XX:AOTCache=" + home.toRealPath() + "/aot/");

        // A rebuilt jar of the same name, size and age: Java before 25.0.4 would run the old classes.
        Path jar = home.resolve("lib/patchbay-web-1.jar");
        var age = Files.getLastModifiedTime(jar);
        Files.writeString(jar, "ourz");
        Files.setLastModifiedTime(jar, age);
        assertThat(launch(told).output()).contains("-XX:AOTMode=off");

        train(told);
        assertThat(launch(told).output()).contains("-XX:AOTCache=");
        try (var caches = Files.list(home.resolve("aot"))) {
            assertThat(caches.filter(file -> file.toString().endsWith(".aot"))).hasSize(1);
        }
    }

    @Test
    void doesNotUseTheClassCacheOfAnotherJavaOrOtherLibraries() throws Exception {
        var told = Map.of("PATCHBAY_JAVA_HOME", java("j", "25.0.3").toString());
        train(told);
        var other = Map.of("PATCHBAY_JAVA_HOME", java("k", "25.0.4").toString());
        assertThat(launch(other).output()).contains("-XX:AOTMode=off");
        Files.move(home.resolve("lib/other-1.jar"), home.resolve("lib/other-2.jar"));
        assertThat(launch(told).output()).contains("-XX:AOTMode=off");
    }

    @Test
    void doesNotUseTheClassCacheForJarsWithOtherTimes() throws Exception {
        var told = Map.of("PATCHBAY_JAVA_HOME", java("j", "25").toString());
        train(told);
        Files.setLastModifiedTime(home.resolve("lib/other-1.jar"), FileTime.fromMillis(1_000_000));
        // Java compares the times itself, prints four lines of errors and starts without the cache.
        assertThat(launch(told).output()).contains("-XX:AOTMode=off");
    }

    @Test
    void keepsTheReasonWhenTrainingFails() throws Exception {
        Path java = java("j", "25");
        Files.writeString(java.resolve("bin/java"), "#!/bin/sh\necho no room\nexit 3\n");
        Result result = launch(Map.of("PATCHBAY_JAVA_HOME", java.toString(), "PATCHBAY_TRAIN", "1"));
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.output()).contains("no class cache could be made")
                .contains("training.log says why");
        assertThat(home.resolve("aot/training.log")).hasContent("no room\n");
    }

    private void train(Map<String, String> environment) throws Exception {
        var all = new HashMap<>(environment);
        all.put("PATCHBAY_TRAIN", "1");
        assertThat(launch(all)).isEqualTo(new Result(0, ""));
    }

    /** A Java that prints its name and arguments, and writes the class cache that it is asked for. */
    private Path java(String name, String version) throws IOException {
        Path java = folder.resolve(name);
        Files.createDirectories(java.resolve("bin"));
        Files.writeString(java.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        Path program = Files.writeString(java.resolve("bin/java"), """
                #!/bin/sh
                echo "%s $*"
                for argument; do
                    case $argument in -XX:AOTCacheOutput=*) : >"${argument#*=}" ;; esac
                done
                """.formatted(java.getFileName()));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        return java;
    }

    private String programsWithoutJava() throws IOException {
        Path programs = Files.createDirectories(folder.resolve("programs"));
        for (String program : new String[]{"sh", "readlink", "cksum", "stat", "cat"}) {
            Path wrapper = Files.writeString(
                    programs.resolve(program),
                    "#!/bin/sh\nexec /usr/bin/" + program + " \"$@\"\n");
            Files.setPosixFilePermissions(wrapper, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        return programs.toString();
    }

    private Result launch(Map<String, String> environment, String... arguments) throws Exception {
        String[] command = new String[arguments.length + 1];
        command[0] = home.resolve("bin/patchbay").toString();
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        return run(environment, command);
    }

    private Result run(Map<String, String> environment, String... command) throws Exception {
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.contains("JAVA") || name.startsWith("PATCHBAY"));
        builder.environment().put("PATCHBAY_JVMS", folder.resolve("jvms").toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), output);
    }
}
