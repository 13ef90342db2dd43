package dev.patchbay.executor.runc;

import dev.patchbay.executor.ContainerRequest;
import dev.patchbay.executor.RuntimeExecutorContract;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;

/**
 * A process that starts a container, opens files until it may open no more, and prints what it takes things for then; to
 * be run with a low limit.
 */
final class RunsOutOfDescriptors {
    private RunsOutOfDescriptors() {}

    /** Arguments: exec root, folder of rootfs and logs, file with the spec. */
    public static void main(String[] arguments) throws Exception {
        loadClasses();
        Path execRoot = Path.of(arguments[0]);
        Path work = Path.of(arguments[1]);
        RuncExecutor executor = RuncExecutor.open(
                RuncExecutorConfig.of(it -> it.execRoot(execRoot).logRoot(work.resolve("logs"))));
        var plugin = RuntimeExecutorContract.PLUGIN;
        var request = new ContainerRequest(plugin, 1, Files.readString(Path.of(arguments[2])),
                work.resolve("rootfs"), execRoot.resolve(plugin.hex()), Optional.empty());
        System.out.println(answer(executor.start(request)));
        var endsTold = new ArrayDeque<String>();
        executor.exits().subscribe(exit -> endsTold.add(exit.toString()), error -> endsTold.add("" + error));
        System.out.println(answer(executor.running().collectList()));
        try (var folders = FolderWatch.open(); var threads = Executors.newSingleThreadExecutor()) {
            var watch = new ExitWatch(new Layout(execRoot, work.resolve("logs")), folders, threads);
            // This process stands for a monitor of an earlier one.
            watch.stranger(plugin, ProcessIdentity.of(ProcessHandle.current().pid()).orElseThrow(),
                    () -> endsTold.add("a monitor"));
            Deque<FileInputStream> open = openAll();
            watch.lookAtAll();
            System.out.println(answer(executor.running().collectList()));
            System.out.println(answer(executor.start(request)));
            for (FileInputStream each : open) {
                each.close();
            }
        }
        System.out.println(endsTold);
        System.out.println(answer(executor.running().collectList()));
        executor.delete(plugin).block(RuntimeExecutorContract.PATIENCE);
        executor.close().block(RuntimeExecutorContract.PATIENCE);
    }

    private static String answer(Mono<?> question) {
        try {
            return String.valueOf(question.block(RuntimeExecutorContract.PATIENCE));
        } catch (RuntimeException e) {
            return "failed: " + reactor.core.Exceptions.unwrap(e).getMessage();
        }
    }

    private static Deque<FileInputStream> openAll() {
        var open = new ArrayDeque<FileInputStream>();
        try {
            while (true) {
                open.add(new FileInputStream("/dev/null"));
            }
        } catch (IOException _) {
            return open;
        }
    }

    // What lies in folders, and not in an archive that is open already, could not be loaded later.
    private static void loadClasses() throws IOException, ClassNotFoundException {
        List<Path> folders = Stream.of(System.getProperty("java.class.path").split(":"))
                .map(Path::of)
                .filter(Files::isDirectory)
                .toList();
        for (Path folder : folders) {
            for (Path file : classes(folder)) {
                String name = folder.relativize(file)
                        .toString()
                        .replace('/', '.')
                        .replaceFirst("\\.class$", "");
                Class.forName(name, false, RunsOutOfDescriptors.class.getClassLoader());
            }
        }
    }

    private static List<Path> classes(Path folder) {
        var found = new ArrayList<Path>();
        for (String part : List.of("executor", "syscall", "thread", "plugin")) {
            Path place = folder.resolve("dev/patchbay").resolve(part);
            try (Stream<Path> files = Files.isDirectory(place) ? Files.walk(place) : Stream.empty()) {
                // Tests need what this process has no use for.
                files.filter(
                        it -> it.toString().endsWith(".class") && !it.toString().contains("test-classes"))
                        .forEach(found::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return found;
    }
}
