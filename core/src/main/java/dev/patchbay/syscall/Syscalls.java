package dev.patchbay.syscall;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * System calls by their C library names. No method follows a symbolic link in the last component of its path.
 *
 * <p>The foreign linker costs about 30 ms at its first use, so each function is linked when it is first called and
 * loading this class links nothing. Calls are short, do not react to interrupts and may be made from any thread that
 * is allowed to block.
 */
public final class Syscalls {
    /** Detaches a mount now and cleans up when it is no longer busy (umount2(2)). */
    public static final int MNT_DETACH = 2;

    /** Does not follow a symbolic link at the place to unmount (umount2(2)). */
    public static final int UMOUNT_NOFOLLOW = 8;

    /** The largest extended attribute that Linux stores, in bytes (xattr(7)). */
    public static final int XATTR_SIZE_MAX = 64 * 1024;

    private static final int AT_FDCWD = -100;
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;

    // struct statx of linux/stat.h, which is the same on every architecture
    private static final long STATX_BYTES = 256;
    private static final long STATX_ATTRIBUTES = 8;
    private static final long STATX_ATTRIBUTES_MASK = 56;
    private static final long STATX_ATTR_MOUNT_ROOT = 0x2000;
    private static final int AT_STATX_DONT_SYNC = 0x4000;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int STATX_TYPE = 1;
    private static final long STATX_MODE = 28;
    private static final int S_IFMT = 0xf000;
    private static final int S_IFDIR = 0x4000;

    private static final int PRIO_PROCESS = 0;
    private static final int CALLING_THREAD = 0;

    private static final int O_CLOEXEC = 0x80000;
    private static final int O_PATH = 0x200000;
    // asm-generic/fcntl.h, and where arch/arm64 and arch/powerpc have it their own way
    private static final boolean FLAGS_OF_THEIR_OWN = List.of("aarch64", "ppc64le")
            .contains(System.getProperty("os.arch"));
    private static final int O_NOFOLLOW = FLAGS_OF_THEIR_OWN ? 0x8000 : 0x20000;
    private static final int O_DIRECTORY = FLAGS_OF_THEIR_OWN ? 0x4000 : 0x10000;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final AddressLayout POINTER = ValueLayout.ADDRESS;
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    // Java turns a path into bytes with this charset, so the kernel must see the same bytes from us.
    private static final Charset PATHS = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

    private Syscalls() {}

    /**
     * Mounts (mount(2)).
     *
     * @param type file system type, empty where the flags need none
     * @param flags {@code MS_*} bits, see {@link Mounts}
     * @param data options of the file system, may be empty
     */
    public static void mount(String source, Path target, String type, long flags, String data)
            throws ErrnoException {
        invoke("mount", target,
                (arena, state) -> (int) MountCall.HANDLE.invokeExact(state, text(arena, source),
                        path(arena, target), text(arena, type), flags, text(arena, data)));
    }

    /** Unmounts (umount2(2)) with {@link #MNT_DETACH}, {@link #UMOUNT_NOFOLLOW} or both. */
    public static void unmount(Path target, int flags) throws ErrnoException {
        invoke("umount2", target,
                (arena, state) -> (int) UnmountCall.HANDLE.invokeExact(state, path(arena, target), flags));
    }

    /** Sets an extended attribute, making or replacing it (lsetxattr(2)). */
    public static void setExtendedAttribute(Path file, String name, byte[] value) throws ErrnoException {
        invoke("lsetxattr", file, (arena, state) -> {
            MemorySegment bytes = arena.allocate(Math.max(1, value.length));
            MemorySegment.copy(value, 0, bytes, ValueLayout.JAVA_BYTE, 0, value.length);
            return (int) SetXattrCall.HANDLE.invokeExact(state, path(arena, file), text(arena, name), bytes,
                    (long) value.length, 0);
        });
    }

    /** Returns the value of an extended attribute, or empty if the file has none of this name (lgetxattr(2)). */
    public static Optional<byte[]> extendedAttribute(Path file, String name) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(XATTR_SIZE_MAX);
            long length = invoke("lgetxattr", file,
                    (strings, state) -> (long) GetXattrCall.HANDLE.invokeExact(state, path(strings, file),
                            text(strings, name), buffer, (long) XATTR_SIZE_MAX));
            return Optional.of(buffer.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE));
        } catch (ErrnoException e) {
            if (e.is(Errno.ENODATA)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Returns the names of a file's extended attributes that this process may see (llistxattr(2)). */
    public static List<String> extendedAttributeNames(Path file) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(XATTR_SIZE_MAX);
            long length = invoke("llistxattr", file,
                    (strings,
                            state) -> (long) ListXattrCall.HANDLE.invokeExact(state, path(strings, file),
                                    buffer,
                                    (long) XATTR_SIZE_MAX));
            List<String> names = new ArrayList<>();
            for (long at = 0; at < length;) {
                String name = buffer.getString(at, StandardCharsets.UTF_8);
                names.add(name);
                at += name.getBytes(StandardCharsets.UTF_8).length + 1L;
            }
            return List.copyOf(names);
        }
    }

    /**
     * Makes a device node or FIFO (mknod(2)). The process's umask is applied to the mode.
     *
     * @param mode {@code S_IFCHR}, {@code S_IFBLK} or {@code S_IFIFO} or'ed with the permission bits
     */
    public static void makeNode(Path file, int mode, int major, int minor) throws ErrnoException {
        long device = device(major, minor);
        invoke("mknod", file,
                (arena, state) -> (int) MakeNodeCall.HANDLE.invokeExact(state, path(arena, file), mode,
                        device));
    }

    /**
     * Sets both times of a file of any kind without opening it (utimensat(2)). Java opens the file first, which waits
     * for a writer on a FIFO and may have effects on a device.
     */
    public static void setTimes(Path file, FileTime time) throws ErrnoException {
        Instant instant = time.toInstant();
        invoke("utimensat", file, (arena, state) -> {
            long seconds = instant.getEpochSecond();
            MemorySegment times = arena.allocateFrom(LONG, seconds, instant.getNano(), seconds,
                    instant.getNano());
            return (int) SetTimesCall.HANDLE.invokeExact(state, AT_FDCWD, path(arena, file), times,
                    AT_SYMLINK_NOFOLLOW);
        });
    }

    /** Opens a folder (open(2)). Waits for no FIFO that may be in its place. */
    static int openFolder(Path folder) throws ErrnoException {
        return (int) invoke("open", folder, (arena, state) -> (int) OpenCall.HANDLE.invokeExact(state,
                path(arena, folder), O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    }

    /**
     * Waits until everything written to a file system is on its disk (syncfs(2)).
     *
     * @param folder what errors name
     * @param descriptor of anything on that file system, not one of {@link #hold}
     */
    static void syncFileSystem(Path folder, int descriptor) throws ErrnoException {
        invoke("syncfs", folder, (_, state) -> (int) SyncCall.HANDLE.invokeExact(state, descriptor));
    }

    /**
     * Opens what is at a place without reading it (open(2) with {@code O_PATH}): a link itself if it is one, and no effect
     * on a device or FIFO.
     */
    static int hold(Path place) throws ErrnoException {
        return (int) invoke("open", place, (arena, state) -> (int) OpenCall.HANDLE.invokeExact(state,
                path(arena, place), O_PATH | O_NOFOLLOW | O_CLOEXEC));
    }

    /** Closes a descriptor (close(2)). */
    static void close(Path place, int descriptor) throws ErrnoException {
        invoke("close", place, (_, state) -> (int) CloseCall.HANDLE.invokeExact(state, descriptor));
    }

    /**
     * Tells whether something is mounted exactly at a place (statx(2), {@code STATX_ATTR_MOUNT_ROOT}), also if it is a bind
     * mount of the file system around it. Asks no remote file system.
     *
     * @return empty if the kernel cannot tell, which it can since Linux 5.8
     */
    public static Optional<Boolean> isMountRoot(Path place) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment found = arena.allocate(STATX_BYTES, Long.BYTES);
            invoke("statx", place,
                    (strings,
                            state) -> (int) StatxCall.HANDLE.invokeExact(state, AT_FDCWD,
                                    path(strings, place),
                                    AT_SYMLINK_NOFOLLOW | AT_STATX_DONT_SYNC, 0, found));
            return (found.get(LONG, STATX_ATTRIBUTES_MASK) & STATX_ATTR_MOUNT_ROOT) == 0
                    ? Optional.empty()
                    : Optional.of((found.get(LONG, STATX_ATTRIBUTES) & STATX_ATTR_MOUNT_ROOT) != 0);
        }
    }

    /**
     * Tells whether a descriptor is of a folder (statx(2)). Asks whoever serves the file system, and waits for the answer.
     *
     * @param place what errors name
     */
    static boolean isFolder(Path place, int descriptor) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment found = arena.allocate(STATX_BYTES, Long.BYTES);
            invoke("statx", place,
                    (strings,
                            state) -> (int) StatxCall.HANDLE.invokeExact(state, descriptor, text(strings, ""),
                                    AT_EMPTY_PATH, STATX_TYPE, found));
            return (found.get(ValueLayout.JAVA_SHORT, STATX_MODE) & S_IFMT) == S_IFDIR;
        }
    }

    /**
     * Makes the calling thread give way to others, and the threads that it starts from then on (setpriority(2): on Linux
     * the niceness is one thread's). Cannot be taken back without privileges.
     *
     * @param niceness how much, 1 to 19; a thread of niceness 10 gets a tenth of what others of this process get while
     *     they compete for a processor, and everything while they do not
     */
    public static void giveWay(int niceness) throws ErrnoException {
        niceness(CALLING_THREAD, Path.of("/proc/thread-self"), niceness);
    }

    /**
     * Makes another thread of this process give way, as {@link #giveWay(int)} does the calling one.
     *
     * @param thread its id, the name of its folder in {@code /proc/self/task}
     */
    public static void letGiveWay(int thread, int niceness) throws ErrnoException {
        niceness(thread, Path.of("/proc/self/task/" + thread), niceness);
    }

    private static void niceness(int thread, Path path, int niceness) throws ErrnoException {
        invoke("setpriority", path,
                (_, state) -> (int) SetPriorityCall.HANDLE.invokeExact(state, PRIO_PROCESS, thread,
                        niceness));
    }

    /** Packs a device number as {@code gnu_dev_makedev} does: the low halves in the middle, the high ones above. */
    static long device(int major, int minor) {
        return (minor & 0xffL) | ((major & 0xfffL) << 8) | ((minor & 0xffff_ff00L) << 12)
                | ((major & 0xffff_f000L) << 32);
    }

    private static long invoke(String call, Path path, Invocation invocation) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            long result = invocation.run(arena, state);
            if (result < 0) {
                throw new ErrnoException(call, path, (int) ERRNO.get(state, 0L));
            }
            return result;
        } catch (ErrnoException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(call + " could not be invoked", e);
        }
    }

    private static MemorySegment text(Arena arena, String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a NUL character in an argument of a system call");
        }
        return arena.allocateFrom(text, StandardCharsets.UTF_8);
    }

    private static MemorySegment path(Arena arena, Path path) {
        byte[] bytes = path.toString().getBytes(PATHS);
        MemorySegment segment = arena.allocate(bytes.length + 1L);
        MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return segment;
    }

    @SuppressWarnings("restricted") // the whole point of this class
    private static MethodHandle link(String name, FunctionDescriptor descriptor) {
        Linker linker = Linker.nativeLinker();
        MemorySegment address = linker.defaultLookup()
                .find(name)
                .orElseThrow(() -> new UnsatisfiedLinkError("the C library has no function " + name));
        return linker.downcallHandle(address, descriptor, Linker.Option.captureCallState("errno"));
    }

    @FunctionalInterface
    private interface Invocation {
        long run(Arena arena, MemorySegment state) throws Throwable;
    }

    // One holder per function: the JVM links it when the function is first called, and only then.

    private static final class MountCall {
        static final MethodHandle HANDLE = link("mount",
                FunctionDescriptor.of(INT, POINTER, POINTER, POINTER, LONG, POINTER));
    }

    private static final class UnmountCall {
        static final MethodHandle HANDLE = link("umount2", FunctionDescriptor.of(INT, POINTER, INT));
    }

    private static final class SetXattrCall {
        static final MethodHandle HANDLE = link("lsetxattr",
                FunctionDescriptor.of(INT, POINTER, POINTER, POINTER, LONG, INT));
    }

    private static final class GetXattrCall {
        static final MethodHandle HANDLE = link("lgetxattr",
                FunctionDescriptor.of(LONG, POINTER, POINTER, POINTER, LONG));
    }

    private static final class ListXattrCall {
        static final MethodHandle HANDLE = link("llistxattr",
                FunctionDescriptor.of(LONG, POINTER, POINTER, LONG));
    }

    private static final class MakeNodeCall {
        // The C library exports mknod itself since glibc 2.33 and in every musl; dev_t has 64 bits in both.
        static final MethodHandle HANDLE = link("mknod", FunctionDescriptor.of(INT, POINTER, INT, LONG));
    }

    private static final class SetTimesCall {
        static final MethodHandle HANDLE = link("utimensat",
                FunctionDescriptor.of(INT, INT, POINTER, POINTER, INT));
    }

    private static final class OpenCall {
        // open(2) takes its third argument only with O_CREAT, but the C library declares it with a variable number.
        static final MethodHandle HANDLE = link("open", FunctionDescriptor.of(INT, POINTER, INT));
    }

    private static final class SyncCall {
        static final MethodHandle HANDLE = link("syncfs", FunctionDescriptor.of(INT, INT));
    }

    private static final class StatxCall {
        static final MethodHandle HANDLE = link("statx",
                FunctionDescriptor.of(INT, INT, POINTER, INT, INT, POINTER));
    }

    private static final class SetPriorityCall {
        static final MethodHandle HANDLE = link("setpriority", FunctionDescriptor.of(INT, INT, INT, INT));
    }

    private static final class CloseCall {
        static final MethodHandle HANDLE = link("close", FunctionDescriptor.of(INT, INT));
    }
}
