package dev.patchbay.syscall;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A Linux error number with its meaning in words.
 *
 * <p>The numbers are those of {@code asm-generic/errno*.h}, valid on x86-64, aarch64, riscv64, s390x and ppc64le.
 * Only errors that our calls can meet are listed.
 */
public enum Errno {
    /** Operation not permitted. */
    EPERM(1, "not permitted: it needs root or a capability that this process lacks"),
    /** No such file or directory. */
    ENOENT(2, "no such file or directory"),
    /** Interrupted system call. */
    EINTR(4, "interrupted by a signal"),
    /** Input/output error. */
    EIO(5, "input/output error of the device"),
    /** No such device or address. */
    ENXIO(6, "no such device or address"),
    /** Argument list too long. */
    E2BIG(7, "value too big"),
    /** Out of memory. */
    ENOMEM(12, "the kernel is out of memory"),
    /** Permission denied. */
    EACCES(13, "permission denied"),
    /** Bad address. */
    EFAULT(14, "bad address"),
    /** Block device required. */
    ENOTBLK(15, "not a block device"),
    /** Device or resource busy. */
    EBUSY(16, "busy: something still uses it"),
    /** File exists. */
    EEXIST(17, "exists already"),
    /** Cross-device link. */
    EXDEV(18, "source and target are on different file systems"),
    /** No such device. */
    ENODEV(19, "the kernel does not know this file system or device"),
    /** Not a directory. */
    ENOTDIR(20, "not a directory"),
    /** Is a directory. */
    EISDIR(21, "is a directory"),
    /** Invalid argument. */
    EINVAL(22, "invalid argument, or not a mount point"),
    /** No space left on device. */
    ENOSPC(28, "no space left on the device, or the limit on mounts is reached"),
    /** Read-only file system. */
    EROFS(30, "the file system is read-only"),
    /** Too many links. */
    EMLINK(31, "too many links"),
    /** Result out of range. */
    ERANGE(34, "the value does not fit into the buffer"),
    /** File name too long. */
    ENAMETOOLONG(36, "name too long"),
    /** Function not implemented. */
    ENOSYS(38, "the kernel does not have this call"),
    /** Too many symbolic links. */
    ELOOP(40, "too many symbolic links"),
    /** No data available. */
    ENODATA(61, "no such extended attribute"),
    /** Operation not supported. */
    EOPNOTSUPP(95, "not supported by this file system"),
    /** Transport endpoint is not connected. */
    ENOTCONN(107, "the server of this file system is gone"),
    /** Disk quota exceeded. */
    EDQUOT(122, "disk quota exceeded");

    private static final Map<Integer, Errno> BY_NUMBER = Arrays.stream(values())
            .collect(Collectors.toUnmodifiableMap(Errno::number, Function.identity()));

    private final int number;
    private final String meaning;

    Errno(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    /** Returns the number as the kernel reports it. */
    public int number() {
        return number;
    }

    /** Returns what the number means, as the end of a sentence. */
    public String meaning() {
        return meaning;
    }

    /** Returns the error with this number, or empty if it is none of those listed. */
    public static Optional<Errno> of(int number) {
        return Optional.ofNullable(BY_NUMBER.get(number));
    }
}
