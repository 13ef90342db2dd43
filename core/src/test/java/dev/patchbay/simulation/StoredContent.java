package dev.patchbay.simulation;

import dev.patchbay.plugin.PluginRecord;
import dev.patchbay.reference.Digest;
import dev.patchbay.simulation.SimulatedDisk.Folder;
import dev.patchbay.store.BlobHold;
import dev.patchbay.store.GarbageReport;
import dev.patchbay.store.StoreException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The blobs on a {@link SimulatedDisk}, who protects which, and the collection of the others. */
final class StoredContent {
    /** A protection. */
    static final class Lease implements BlobHold {
        private final Set<String> held = new HashSet<>();
    }

    private final SimulatedDisk disk;
    private final DiskFaults faults;
    private final StoredPlugins plugins;
    private final Mutant mutant;
    private final Folder blobs;
    private final Folder staging;
    private final Set<Lease> leases = new HashSet<>();

    StoredContent(SimulatedDisk disk, DiskFaults faults, StoredPlugins plugins, Mutant mutant) {
        this.disk = disk;
        this.faults = faults;
        this.plugins = plugins;
        this.mutant = mutant;
        this.blobs = disk.top(SimulatedStore.BLOBS);
        this.staging = disk.top(SimulatedStore.STAGING);
    }

    Lease lease(Collection<Digest> digests) {
        var lease = new Lease();
        digests.forEach(digest -> lease.held.add(digest.toString()));
        leases.add(lease);
        return lease;
    }

    void release(Lease lease) {
        leases.remove(lease);
    }

    boolean has(Digest digest) {
        return blobs.has(digest.toString());
    }

    Optional<byte[]> bytes(Digest digest) {
        return blobs.content(digest.toString()) instanceof byte[] bytes
                ? Optional.of(bytes)
                : Optional.empty();
    }

    /** Protects, then keeps. */
    void put(Digest digest, byte[] bytes, Lease lease) {
        if (!leases.contains(lease)) {
            throw new StoreException("what needs the blob has ended", null);
        }
        lease.held.add(digest.toString());
        if (has(digest)) {
            return;
        }
        String ingest = plugins.unique("ingest-");
        try {
            disk.create(staging, ingest, bytes);
            disk.sync(staging, ingest);
            disk.rename(staging, ingest, blobs, digest.toString());
        } catch (StoreException e) {
            faults.undo(() -> disk.delete(staging, ingest));
            throw e;
        }
        disk.sync(blobs);
    }

    GarbageReport collect(boolean dryRun) {
        Set<String> referred = new HashSet<>();
        for (String id : plugins.ids()) {
            Optional<StoredPlugins.Versions> versions = plugins.versions(id);
            if (versions.isEmpty()) {
                return new GarbageReport(dryRun, 0, 0, 0, 0, 0, List.of("unreadable: " + id));
            }
            versions.get()
                    .records()
                    .flatMap(StoredContent::of)
                    .forEach(blob -> referred.add(blob.toString()));
        }
        if (mutant != Mutant.COLLECT_LEASED_BLOB) {
            leases.forEach(lease -> referred.addAll(lease.held));
        }
        return sweep(dryRun, referred);
    }

    private GarbageReport sweep(boolean dryRun, Set<String> referred) {
        List<String> names = blobs.names();
        List<String> garbage = names.stream().filter(name -> !referred.contains(name)).toList();
        List<String> problems = new ArrayList<>();
        if (!dryRun) {
            for (String name : garbage) {
                try {
                    disk.delete(blobs, name);
                } catch (StoreException e) {
                    problems.add(name + ": " + e.getMessage());
                }
            }
        }
        int deleted = dryRun ? 0 : garbage.size() - problems.size();
        return new GarbageReport(dryRun, names.size(), garbage.size(), deleted, 0, 0,
                problems.stream().limit(5).toList());
    }

    /** The blobs that a record names. */
    static Stream<Digest> of(PluginRecord record) {
        return Stream.of(record.config().stream(), record.manifest().stream(), record.blobsums().stream())
                .flatMap(digests -> digests);
    }
}
