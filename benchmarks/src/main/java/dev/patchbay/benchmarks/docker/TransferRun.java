package dev.patchbay.benchmarks.docker;

import dev.patchbay.benchmarks.content.BigPlugin;
import dev.patchbay.benchmarks.content.KeptInodes;
import dev.patchbay.benchmarks.content.Puller;
import dev.patchbay.benchmarks.content.RegistryUpload;
import dev.patchbay.benchmarks.content.Settling;
import dev.patchbay.benchmarks.measure.Built;
import dev.patchbay.benchmarks.measure.DaemonHere;
import dev.patchbay.benchmarks.measure.LoadRun;
import dev.patchbay.benchmarks.measure.Place;
import dev.patchbay.benchmarks.measure.Table;
import dev.patchbay.benchmarks.measure.Timings;
import dev.patchbay.registry.RegistryProcess;
import dev.patchbay.testing.FileTrees;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How long do {@code docker plugin install --disable} from a registry on loopback, and {@code docker plugin push} to it,
 * take with a small plugin, with one of 200 MB and with one of 830 MB (300 MB packed)?
 *
 * <p>Everything is transferred each time: after each round the plugin is removed and its content collected, the registry is
 * emptied before a push and filled again after it, and its log must show that the layer went over the wire. Patchbay answers
 * an install when all is on the disk; dockerd does not wait for that.
 */
final class TransferRun implements LoadRun {
    private static final List<Size> SIZES = List.of(new Size("small", 8, 7, OptionalDouble.empty()),
            new Size("200 MB", 2050, 5, OptionalDouble.empty()),
            new Size("830 MB", BigPlugin.FILES, 3, OptionalDouble.of(0.5)));

    /** A plugin. */
    private record Size(String name, int files, int rounds, OptionalDouble wantedInstall) {
        String install() {
            return "install, " + name;
        }

        String push() {
            return "push, " + name;
        }
    }

    /** A plugin in a registry. */
    private record Source(BigPlugin plugin, RegistryProcess registry, KeptInodes inodes) {
        static final String REPOSITORY = "bench/files";
        static final String TAG = "1";

        String reference() {
            return registry.address() + "/" + REPOSITORY + ":" + TAG;
        }

        void publish() throws IOException, InterruptedException {
            RegistryUpload.publish(plugin, registry.address(), REPOSITORY, TAG);
        }

        void forget() throws IOException {
            FileTrees.remove(registry.content().resolve("docker"));
        }
    }

    @Override
    public Table measure(Built built) throws Exception {
        var scores = new Scores("How long do install and push take?");
        for (Size size : SIZES) {
            try (Place content = Place.make(); var registry = RegistryProcess.start(Optional.empty())) {
                var plugin = BigPlugin.make(content.folder().resolve("l"), 1, size.files());
                var source = new Source(plugin, registry, new KeptInodes());
                source.publish();
                scores.of(measure(built, source, size));
                if (size.wantedInstall().isPresent()) {
                    scores.wanted(size.install(), size.wantedInstall().getAsDouble());
                } else {
                    scores.told(size.install());
                }
                scores.told(size.push())
                        .remark(size.name() + ": " + plugin.packedBytes() / 1000 + " kB packed, "
                                + size.files() + " files");
            }
        }
        return scores.table();
    }

    private static List<Figures> measure(Built built, Source source, Size size) throws Exception {
        try (Side.Both both = Side.Both.of(Peers.of(built));
                var ours = both.ours().start();
                var theirs = both.theirs().start()) {
            return new Turns(1, size.rounds()).take(List.of(
                    it -> round(both.ours(), ours, source, size, it),
                    it -> round(both.theirs(), theirs, source, size, it)));
        }
    }

    private static void round(Side side, DaemonHere daemon, Source source, Size size, Figures figures)
            throws Exception {
        var puller = new Puller(daemon, source.plugin(), source.registry(), source.reference(),
                source.inodes());
        Settling.before(source.plugin().packedBytes());
        figures.add(size.install(), puller.timedPull());
        source.forget();
        Settling.before(source.plugin().packedBytes());
        figures.add(size.push(), timedPush(daemon, source));
        source.forget();
        source.publish();
        puller.forget();
        side.peer().collect(daemon);
    }

    private static double timedPush(DaemonHere daemon, Source source) throws Exception {
        int before = source.registry().requests().size();
        double millis = Timings.millisOf(() -> daemon.docker("plugin", "push", source.reference()));
        var asked = new ArrayList<>(source.registry().requests());
        String digest = source.plugin().layers().getFirst().digest();
        boolean uploaded = asked.stream()
                .skip(before)
                .anyMatch(it -> it.method().equals("PUT") && it.target().contains("/blobs/uploads/"));
        boolean arrived = asked.stream()
                .skip(before)
                .anyMatch(it -> it.method().equals("PUT") && it.target().contains("/manifests/"));
        if (!uploaded || !arrived) {
            throw new IOException("layer " + digest + " was not sent; the registry saw "
                    + asked.subList(before, asked.size()));
        }
        return millis;
    }
}
