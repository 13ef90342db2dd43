package dev.patchbay.registry;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Which of several endpoints' failures is told. Other answers beat "not there", "not there" beats silence (containerd
 * {@code core/remotes/docker/resolver.go}); among equals the last, which is the registry's own. The others are mentioned
 * if they weigh as much, so that nobody is told of a TLS record when the trouble was with plain HTTP (D26).
 */
final class Verdict {
    private Verdict() {}

    /** Whether a server said so, in HTTP. */
    static boolean isAnswer(RegistryException failure) {
        return switch (failure) {
            case RegistryException.NotFound _,RegistryException.Denied _,RegistryException.Broken _ -> true;
            case RegistryException.Unavailable unavailable -> unavailable.answered();
        };
    }

    /** The failure that stands for all; at least one. */
    static RegistryException of(List<RegistryException> failures) {
        if (failures.size() == 1) {
            return failures.getFirst();
        }
        int rank = failures.stream().map(Verdict::rank).max(Comparator.naturalOrder()).orElseThrow();
        RegistryException told = failures.reversed()
                .stream()
                .filter(f -> rank(f) == rank)
                .findFirst()
                .orElseThrow();
        String others = failures.stream()
                .filter(failure -> failure != told && (isAnswer(failure) || !isAnswer(told)))
                .map(Throwable::getMessage)
                .distinct()
                .collect(Collectors.joining("; "));
        String message = others.isEmpty() ? "" : " (before that: " + others + ")";
        return retold(told, told.getMessage() + message, failures);
    }

    private static int rank(RegistryException failure) {
        return switch (failure) {
            case RegistryException.Unavailable unavailable when !unavailable.answered() -> 0;
            case RegistryException.NotFound _ -> 1;
            case RegistryException.Unavailable _,RegistryException.Denied _,RegistryException.Broken _ -> 2;
        };
    }

    private static RegistryException retold(RegistryException told, String message,
            List<RegistryException> all) {
        return switch (told) {
            case RegistryException.NotFound _ -> new RegistryException.NotFound(message);
            case RegistryException.Denied _ -> new RegistryException.Denied(message);
            case RegistryException.Broken _ -> new RegistryException.Broken(message, told);
            case RegistryException.Unavailable unavailable -> unavailable.retold(message,
                    all.stream().allMatch(Verdict::isLasting));
        };
    }

    private static boolean isLasting(RegistryException failure) {
        return switch (failure) {
            case RegistryException.Unavailable unavailable -> unavailable.lasting();
            case RegistryException.NotFound _,RegistryException.Denied _,RegistryException.Broken _ -> true;
        };
    }
}
