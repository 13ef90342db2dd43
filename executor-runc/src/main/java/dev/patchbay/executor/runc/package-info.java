/**
 * The executor on runc, crun or another program with their command line: each container under a conmon of its own.
 *
 * <p>Start at {@link dev.patchbay.executor.runc.RuncExecutor}, the module's façade; it is made from a
 * {@link dev.patchbay.executor.runc.RuncExecutorConfig}:
 *
 * {@snippet file="dev/patchbay/executor/runc/EmbeddingSnippets.java" region="open"}
 *
 * <p>What happens in a start: the bundle, exec directory, root file system and shared mounts are made ({@code Bundle},
 * {@code Rootfs}); conmon is started as our child and creates the container ({@code CommandLines}, {@code Processes});
 * it reports the process's pid, or the runtime's complaint, in one line ({@code SyncLine}, {@code RuntimeWords}); the
 * container is recorded ({@code ContainerRecord}) and the runtime starts it. Conmon stays for as long as the plugin runs,
 * writes its log ({@code LogFolder}, {@code LogReader}) and leaves its exit code in a file ({@code ExitFile}); that conmon
 * ends is how the exit is noticed, without polling. {@code Remover} takes everything away again, also what a killed
 * daemon left between any two of these steps ({@code Orphans}); it starts the runtime for that only where more may be left
 * of a container than a control group and a folder ({@code RuncState}). Conmon and plugin survive the death of this process.
 *
 * <p>A later process finds out what became of them ({@code Traces}) from the record, {@code /proc} and the exit file, and takes
 * over what runs: its log is read on ({@code Logs}), and its end noticed by inotify ({@code ExitWatch}), conmon being no
 * child of ours then. From there on it is a container like any other ({@code Containers}). What runs in a plugin's control
 * group and is in no record, as after a change of the exec root, is found, and ended before anything is started beside it
 * ({@code Unrecorded}), unless it belongs to another daemon that serves a copy of the root ({@code Ownership}).
 *
 * <p>Below the exec root, the folder of a plugin's id is its exec directory, which it sees as {@code /run/docker/plugins};
 * our own files lie in {@code .patchbay} beside them: {@code c/<id>} bundles and records, {@code exits} exit codes,
 * {@code r/<runtime>} the runtimes' state, {@code lock} what an engine's executor holds ({@code ExecRootClaim}).
 * Logs are in {@code <log root>/<id>}: {@code log} and, older, {@code log.<n>}.
 *
 * <p>What must not live here: the engine's states and decisions, Docker's formats, and any process that is not started by
 * {@code Processes}.
 */
@NullMarked
package dev.patchbay.executor.runc;

import org.jspecify.annotations.NullMarked;
