package dev.patchbay.event;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Another process that appends to a journal, and says how far it has come, until it is killed. */
final class JournalProcess {
    private final Process process;
    private final BufferedReader words;

    private JournalProcess(Process process) {
        this.process = process;
        this.words = process.inputReader(StandardCharsets.UTF_8);
    }

    public static void main(String[] args) {
        var disk = new JournalsOnDisk(Path.of(args[0]));
        SqliteJournal journal = disk.journal();
        JournalsOnDisk.open(journal);
        while (true) {
            JournalsOnDisk.append(journal, 7);
            System.out.println(journal.bounds().newest());
        }
    }

    static JournalProcess in(Path folder) throws Exception {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        return new JournalProcess(new ProcessBuilder(List.of(java.toString(), "-Xshare:auto",
                "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("java.class.path"), JournalProcess.class.getName(), folder.toString()))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start());
    }

    /** Waits until it has said so much. */
    Cursor hear(int lines) throws Exception {
        String last = "";
        for (int i = 0; i < lines; i++) {
            last = String.valueOf(words.readLine());
        }
        return Cursor.parse(last).orElseThrow();
    }

    /** By SIGKILL. Gives the last that it said. */
    Cursor kill(Cursor heard) throws Exception {
        boolean _ = process.toHandle().destroyForcibly(); // the process itself would close its output, unread
        process.onExit().join();
        Cursor last = heard;
        for (String line = words.readLine(); line != null; line = words.readLine()) {
            last = Cursor.parse(line).orElse(last); // the last line may be torn
        }
        return last;
    }
}
