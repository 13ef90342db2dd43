package dev.patchbay.executor.runc;

import dev.patchbay.executor.ContainerRequest;
import dev.patchbay.syscall.MountTable;
import dev.patchbay.syscall.Mounts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Makes what a container needs on disk before it is created: bundle, exec directory, root file system, mounts. */
final class Bundle {
    private static final FileAttribute<Set<PosixFilePermission>> MODE_700 = PosixFilePermissions
            .asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<Set<PosixFilePermission>> MODE_600 = PosixFilePermissions
            .asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private Bundle() {}

    /**
     * Makes everything new; what an earlier start left must be gone.
     *
     * @return the record of the container to be, already in the bundle
     */
    static ContainerRecord prepare(ContainerRequest request, Layout layout, String runtime)
            throws IOException {
        if (!request.execDirectory().equals(layout.execDirectory(request.plugin()))) {
            throw new IOException(
                    "the exec directory " + request.execDirectory() + " is not the plugin's folder in "
                            + layout.execRoot());
        }
        var intent = new ContainerRecord(
                request.plugin(),
                request.generation(),
                runtime,
                request.propagatedMount(),
                cgroupsPath(request.spec()),
                Optional.empty(),
                Optional.empty());
        Path bundle = layout.bundle(request.plugin());
        Files.createDirectory(bundle, MODE_700);
        intent.write(bundle);
        Path spec = Layout.spec(bundle);
        // The spec carries the plugin's environment, secrets included.
        Files.createFile(spec, MODE_600);
        Files.writeString(spec, request.spec(), StandardCharsets.UTF_8);
        Files.createDirectory(request.execDirectory(), MODE_700);
        Rootfs.prepare(request.rootfs());
        if (request.propagatedMount().isPresent()) {
            share(request.propagatedMount().get());
        }
        return intent;
    }

    /** Makes the folders that all containers share. */
    static void prepareRoots(Layout layout, Iterable<String> runtimes) throws IOException {
        for (Path folder : new Path[]{layout.execRoot(), layout.logRoot(), layout.bundles(),
                layout.exits()}) {
            Files.createDirectories(folder, MODE_700);
        }
        for (String runtime : runtimes) {
            Files.createDirectories(layout.runtimeState(runtime), MODE_700);
        }
    }

    // What a container mounts below a place reaches the host only if that place is a shared mount before the start.
    private static void share(Path folder) throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectory(folder);
        }
        if (!MountTable.read().atOrBelow(folder.toRealPath()).isEmpty()) {
            Mounts.unmountTree(folder);
        }
        Mounts.bind(folder, folder);
        Mounts.makeRecursivelyShared(folder);
    }

    private static Optional<String> cgroupsPath(String spec) throws IOException {
        try {
            return Optional.of(Json.MAPPER.readTree(spec).path("linux").path("cgroupsPath"))
                    .filter(JsonNode::isString)
                    .map(JsonNode::stringValue)
                    .filter(Cgroups::removable);
        } catch (JacksonException e) {
            throw new IOException("the runtime spec is not JSON: " + e.getOriginalMessage(), e);
        }
    }
}
