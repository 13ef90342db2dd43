/**
 * Patchbay and dockerd side by side: the same plugin, the same runtime and the same requests on the unix socket, in turn.
 *
 * <p>{@link dev.patchbay.benchmarks.docker.DockerRuns} lists what can be run; {@code make bench-docker} types it. A run asks
 * two {@link dev.patchbay.benchmarks.docker.Side}s, each with a daemon, a place and plugins of its own, for the same work
 * in {@link dev.patchbay.benchmarks.docker.Turns}, and makes {@link dev.patchbay.benchmarks.docker.Score}s of what it took.
 * What is different between the daemons, and nothing else, is in {@link dev.patchbay.benchmarks.docker.Peer}.
 *
 * <p>What does not belong here: runs that can do without dockerd.
 */
@NullMarked
package dev.patchbay.benchmarks.docker;

import org.jspecify.annotations.NullMarked;
