package dev.patchbay.store;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Another process that tries to lock a file, says whether it could, and keeps it until its input ends or it is killed. */
final class LockingProcess implements AutoCloseable {
    static final String LOCKED = "locked";
    static final String REFUSED = "refused";

    private final Process process;
    private final String answer;

    private LockingProcess(Process process, String answer) {
        this.process = process;
        this.answer = answer;
    }

    /** Needs nothing but the JDK, so that it starts at once. */
    public static void main(String[] args) throws IOException {
        try (var channel = FileChannel.open(Path.of(args[0]), StandardOpenOption.CREATE,
                StandardOpenOption.WRITE)) {
            System.out.println(channel.tryLock() == null ? REFUSED : LOCKED);
            System.in.transferTo(OutputStream.nullOutputStream());
        }
    }

    static LockingProcess on(Path file) throws Exception {
        Path classes = Path.of(
                LockingProcess.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        var process = new ProcessBuilder(List.of(java.toString(), "-Xshare:auto", "-XX:TieredStopAtLevel=1",
                "-cp", classes.toString(), LockingProcess.class.getName(), file.toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String answer = process.inputReader(StandardCharsets.UTF_8).readLine();
        return new LockingProcess(process, String.valueOf(answer));
    }

    String answer() {
        return answer;
    }

    long pid() {
        return process.pid();
    }

    /** By SIGKILL; back when it is gone. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() {
        kill();
    }
}
