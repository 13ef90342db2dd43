package dev.patchbay.syscall;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** A system call that failed: which call, on which path, with which error number. */
public final class ErrnoException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String call;
    private final String path;
    private final int number;

    ErrnoException(String call, Path path, int number) {
        super(call + " " + path + ": " + sentence(number));
        this.call = call;
        this.path = path.toString();
        this.number = number;
    }

    private static String sentence(int number) {
        return Errno.of(number)
                .map(known -> known.meaning() + " (" + known + ")")
                .orElse("error number " + number);
    }

    /** Returns the name of the call, as in section 2 of the manual. */
    public String call() {
        return call;
    }

    /** Returns the path that the call was made on. */
    public String path() {
        return path;
    }

    /** Returns the error number. */
    public int number() {
        return number;
    }

    /** Returns the error as a name, or empty for a number that {@link Errno} does not list. */
    public Optional<Errno> errno() {
        return Errno.of(number);
    }

    /** Tells whether the call failed with this error. */
    public boolean is(Errno errno) {
        return errno.number() == number;
    }
}
