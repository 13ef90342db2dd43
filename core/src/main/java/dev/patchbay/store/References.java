package dev.patchbay.store;

import dev.patchbay.plugin.InvalidPluginConfigException;
import dev.patchbay.plugin.PluginJson;
import dev.patchbay.plugin.PluginRecord;
import dev.patchbay.reference.Digest;
import dev.patchbay.reference.InvalidDigestException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;

/**
 * The blobs that the plugins on disk refer to, in all their versions: configuration, manifest, layers, and whatever the
 * manifest names.
 *
 * <p>The manifest counts because it is needed to push a plugin again, and its list of layers because Docker leaves the
 * layers of some plugins out of their records (D19).
 *
 * @param blobs what is referred to
 * @param unreadable what could not be read, a sentence each; if there is any, {@code blobs} is not complete
 */
record References(Set<Digest> blobs, List<String> unreadable) {
    // The last six are there only if a change of versions was cut off and could not be settled.
    private static final List<String> RECORDS = List.of(Layout.RECORD, Layout.PREVIOUS + "/" + Layout.RECORD,
            Layout.PREVIOUS + "/" + Layout.NEXT_RECORD, Layout.OLDEST + "/" + Layout.RECORD,
            Layout.NEXT + "/" + Layout.RECORD, Layout.NEXT + "/" + Layout.NEXT_RECORD,
            Layout.WITHDRAWN + "/" + Layout.RECORD, Layout.WITHDRAWN + "/" + Layout.NEXT_RECORD);

    References {
        blobs = Set.copyOf(blobs);
        unreadable = List.copyOf(unreadable);
    }

    /** Reads them all. A folder without a record refers to nothing: its install never ended. */
    static References read(Layout layout, DurableFiles files, ContentStore content) {
        return read(files.list(layout.root())
                .stream()
                .filter(folder -> layout.installed(folder).isPresent())
                .toList(), files, content);
    }

    /** Reads those of some plugins, in all their versions. */
    static References read(List<Path> folders, DurableFiles files, ContentStore content) {
        Set<Digest> blobs = new HashSet<>();
        List<String> unreadable = new ArrayList<>();
        for (Path folder : folders) {
            for (String name : RECORDS) {
                Path record = folder.resolve(name);
                try {
                    files.read(record, PluginJson.MAX_BYTES)
                            .map(PluginJson::record)
                            .ifPresent(plugin -> add(plugin, content, blobs));
                } catch (StoreException | InvalidPluginConfigException | JacksonException
                        | InvalidDigestException e) {
                    unreadable.add(record + ": " + e.getMessage());
                }
            }
        }
        return new References(blobs, unreadable);
    }

    private static void add(PluginRecord plugin, ContentStore content, Set<Digest> blobs) {
        plugin.config().ifPresent(blobs::add);
        plugin.manifest().ifPresent(blobs::add);
        blobs.addAll(plugin.blobsums().items());
        plugin.manifest()
                .flatMap(manifest -> content.read(manifest, NamedBlobs.MAX_MANIFEST_BYTES))
                .map(NamedBlobs::of)
                .ifPresent(named -> {
                    named.config().ifPresent(blobs::add);
                    blobs.addAll(named.layers());
                });
    }
}
