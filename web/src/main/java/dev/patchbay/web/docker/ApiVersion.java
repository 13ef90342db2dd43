package dev.patchbay.web.docker;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A version of Docker's API. Compared number by number; a part that is missing or not a number counts as 0 (moby
 * {@code api/types/versions}).
 *
 * @param text as the client wrote it
 */
record ApiVersion(String text) implements Comparable<ApiVersion> {
    static final ApiVersion MIN = new ApiVersion("1.24");
    static final ApiVersion MAX = new ApiVersion("1.51");

    private static final int MAX_DIGITS = 9;

    private int[] parts() {
        return Arrays.stream(text.split("\\.", -1)).mapToInt(ApiVersion::number).toArray();
    }

    private static int number(String part) {
        return part.matches("[0-9]{1," + MAX_DIGITS + "}") ? Integer.parseInt(part) : 0;
    }

    boolean isBefore(ApiVersion other) {
        return compareTo(other) < 0;
    }

    @Override
    public int compareTo(ApiVersion other) {
        int[] mine = parts();
        int[] theirs = other.parts();
        return IntStream.range(0, Math.max(mine.length, theirs.length))
                .map(i -> Integer.compare(i < mine.length ? mine[i] : 0, i < theirs.length ? theirs[i] : 0))
                .filter(difference -> difference != 0)
                .findFirst()
                .orElse(0);
    }

    /** Two spellings of one version are one version. */
    @Override
    public boolean equals(Object other) {
        return other instanceof ApiVersion version && compareTo(version) == 0;
    }

    @Override
    public int hashCode() {
        String trimmed = Arrays.stream(parts()).mapToObj(Integer::toString).collect(Collectors.joining("."));
        return trimmed.replaceAll("(\\.0)+$", "").hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
