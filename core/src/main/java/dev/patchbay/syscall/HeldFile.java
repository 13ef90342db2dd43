package dev.patchbay.syscall;

import java.nio.file.Path;

/**
 * A file that stays the same, whatever is put at its place meanwhile: what was found out about it is true of what is read
 * afterwards.
 */
public final class HeldFile implements AutoCloseable {
    private final Path place;
    private final int descriptor;
    private boolean closed;

    private HeldFile(Path place, int descriptor) {
        this.place = place;
        this.descriptor = descriptor;
    }

    /** Takes hold of what is at a place, of a link itself if it is one, without opening it to read. */
    public static HeldFile at(Path place) throws ErrnoException {
        return new HeldFile(place, Syscalls.hold(place));
    }

    /**
     * Takes hold of what is below this folder under one name, of a link itself if it is one: whoever goes on like this, name by
     * name, follows no link.
     *
     * @throws IllegalArgumentException if that is not one name
     */
    public HeldFile below(String name) throws ErrnoException {
        if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('/') >= 0) {
            throw new IllegalArgumentException("not the name of anything in a folder: \"" + name + "\"");
        }
        return new HeldFile(place.resolve(name), Syscalls.hold(path().resolve(name)));
    }

    /**
     * Whether it is a folder. Asks whoever serves its file system, and waits for the answer, for ever if it hangs.
     *
     * @throws ErrnoException {@link Errno#ENOTCONN} if the one who served it is gone
     */
    public boolean isFolder() throws ErrnoException {
        return Syscalls.isFolder(place, descriptor);
    }

    /** Where it is found until it is closed; there is a link of the kernel's, which may be followed. */
    public Path path() {
        return Path.of("/proc/self/fd", Integer.toString(descriptor));
    }

    @Override
    public void close() throws ErrnoException {
        if (!closed) {
            closed = true;
            Syscalls.close(place, descriptor);
        }
    }
}
