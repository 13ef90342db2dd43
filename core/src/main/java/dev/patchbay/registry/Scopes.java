package dev.patchbay.registry;

import dev.patchbay.reference.Reference;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a token is to allow. Plugins have a scope class of their own; the plain one is asked for too, since token services
 * that do not know classes grant only that (distribution, "Token Scope Documentation"; moby
 * {@code daemon/pkg/plugin/registry.go}).
 *
 * @param values sorted, each once
 */
record Scopes(SortedSet<String> values) {
    Scopes {
        values = Collections.unmodifiableSortedSet(new TreeSet<>(values));
    }

    /** What an action on a repository needs. */
    static Scopes of(Reference repository, Registry.Action action) {
        String actions = switch (action) {
            case PULL -> "pull";
            case PUSH -> "pull,push";
        };
        var values = new TreeSet<String>();
        values.add("repository(plugin):" + repository.path() + ":" + actions);
        values.add("repository:" + repository.path() + ":" + actions);
        return new Scopes(values);
    }

    /** Nothing but to be known. */
    static Scopes none() {
        return new Scopes(new TreeSet<>());
    }

    Scopes and(Scopes others) {
        return plus(others.values());
    }

    /** With what a challenge asks for, separated by blanks. */
    Scopes and(String challenged) {
        return plus(List.of(challenged.strip().split(" +")));
    }

    private Scopes plus(Collection<String> more) {
        var all = new TreeSet<>(values);
        more.stream().filter(scope -> !scope.isEmpty()).forEach(all::add);
        return new Scopes(all);
    }
}
