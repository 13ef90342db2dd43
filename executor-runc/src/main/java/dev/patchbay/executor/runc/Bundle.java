package dev.patchbay.executor.runc;

import dev.patchbay.executor.ContainerRequest;
import dev.patchbay.json.JsonTrees;
import dev.patchbay.syscall.Mounts;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
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
    static ContainerRecord prepare(ContainerRequest request, Layout layout, String runtime, LogPlace logStart)
            throws IOException {
        if (!request.execDirectory().equals(layout.execDirectory(request.plugin()))) {
            throw new IOException(
                    "the exec directory " + request.execDirectory() + " is not the plugin's folder in "
                            + layout.execRoot());
        }
        JsonNode described = read(request.spec());
        var places = new ContainerRecord.Places(request.propagatedMount(), cgroupsPath(described));
        var making = new ContainerRecord.Making(
                ProcessIdentity.bootId(), runtime, request.rootfs(), places, logStart);
        var intent = new ContainerRecord(
                request.plugin(), request.generation(), making, Optional.empty());
        Path bundle = layout.bundle(request.plugin());
        Files.createDirectory(bundle, MODE_700);
        intent.write(bundle);
        Path spec = Layout.spec(bundle);
        // The spec carries the plugin's environment, secrets included.
        Files.createFile(spec, MODE_600);
        Files.writeString(spec, request.spec(), StandardCharsets.UTF_8);
        Files.createDirectory(request.execDirectory(), MODE_700);
        own(request.execDirectory(), described.path("process").path("user"));
        Rootfs.prepare(request.rootfs());
        if (request.propagatedMount().isPresent()) {
            share(request.propagatedMount().get());
        }
        return intent;
    }

    /** Whether a start that is asked for now would make the bundle that there is. */
    static boolean isAs(ContainerRequest wanted, Layout layout, ContainerRecord.Making made)
            throws IOException {
        return wanted.rootfs().equals(made.rootfs())
                && wanted.execDirectory().equals(layout.execDirectory(wanted.plugin()))
                && wanted.propagatedMount().equals(made.places().propagatedMount())
                && sameSpec(wanted.spec(), Layout.spec(layout.bundle(wanted.plugin())));
    }

    // Compared as values: neither the order of keys nor spaces make another container.
    private static boolean sameSpec(String wanted, Path file) throws IOException {
        try {
            String made = Files.readString(file, StandardCharsets.UTF_8);
            return made.equals(wanted) || JsonTrees.LENIENT.read(made).equals(read(wanted));
        } catch (NoSuchFileException | MalformedInputException | JacksonException _) {
            return false;
        }
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
        Mounts.detachAll(folder); // before anything looks at it: a mount whose server hangs would never answer
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectory(folder);
        }
        Mounts.bind(folder, folder);
        Mounts.makeRecursivelyShared(folder);
    }

    // A plugin that does not run as root (moby ignores its user, D64) must be able to make its socket there.
    private static void own(Path folder, JsonNode user) throws IOException {
        int uid = user.path("uid").asInt(0);
        int gid = user.path("gid").asInt(0);
        if (uid != 0 || gid != 0) {
            Files.setAttribute(folder, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
            Files.setAttribute(folder, "unix:gid", gid, LinkOption.NOFOLLOW_LINKS);
        }
    }

    /** The control group of its own that a spec puts a container in; none if it is no spec, which its start will say. */
    static Optional<String> cgroupsPath(String spec) {
        try {
            return cgroupsPath(JsonTrees.LENIENT.read(spec));
        } catch (JacksonException _) {
            return Optional.empty();
        }
    }

    private static Optional<String> cgroupsPath(JsonNode spec) {
        return Optional.of(spec.path("linux").path("cgroupsPath"))
                .filter(JsonNode::isString)
                .map(JsonNode::stringValue)
                .filter(Cgroups::removable);
    }

    private static JsonNode read(String spec) throws IOException {
        try {
            return JsonTrees.LENIENT.read(spec);
        } catch (JacksonException e) {
            throw new IOException("the runtime spec is not JSON: " + e.getOriginalMessage(), e);
        }
    }
}
