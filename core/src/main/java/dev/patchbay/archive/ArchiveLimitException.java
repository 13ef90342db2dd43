package dev.patchbay.archive;

/** An archive that goes beyond one of the {@link ArchiveLimits}. */
public final class ArchiveLimitException extends ArchiveException {
    private static final long serialVersionUID = 1L;

    private final String limit;
    private final long value;

    ArchiveLimitException(String limit, long value, String what) {
        super(what + " goes beyond the limit " + limit + " = " + value
                + "; raise the limit if this archive is trusted");
        this.limit = limit;
        this.value = value;
    }

    /** Returns the name of the limit, as in {@link ArchiveLimits}. */
    public String limit() {
        return limit;
    }

    /** Returns the value of the limit. */
    public long value() {
        return value;
    }
}
