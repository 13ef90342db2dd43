package dev.patchbay.executor.runc;

import dev.patchbay.executor.ContainerRequest;
import dev.patchbay.executor.RuntimeExecutorContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A process that starts a container, says so, and waits to be killed. */
final class StartsAndStays {
    private StartsAndStays() {}

    /** Arguments: exec root, folder of rootfs and logs, file with the spec, generation. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path execRoot = Path.of(arguments[0]);
        Path work = Path.of(arguments[1]);
        RuncExecutor executor = RuncExecutor.open(
                RuncExecutorConfig.of(it -> it.execRoot(execRoot).logRoot(work.resolve("logs"))));
        var plugin = RuntimeExecutorContract.PLUGIN;
        var request = new ContainerRequest(
                plugin, Integer.parseInt(arguments[3]), Files.readString(Path.of(arguments[2])),
                work.resolve("rootfs"), execRoot.resolve(plugin.hex()), Optional.empty());
        executor.start(request).block(RuntimeExecutorContract.PATIENCE);
        executor.awaitListening(plugin, request.execDirectory().resolve("sample.sock"))
                .block(RuntimeExecutorContract.PATIENCE);
        System.out.println("started");
        Thread.currentThread().join(); // for ever
    }
}
