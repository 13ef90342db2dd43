package dev.patchbay.web;

import io.netty.handler.codec.http.HttpMethod;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All routes of a server. The first row that fits method and path serves a request, so rows for particular paths stand
 * before those for patterns that cover them.
 *
 * @param rows the routes in order
 */
public record RouteTable(List<Route> rows) {
    /** Copies the rows. */
    public RouteTable {
        rows = List.copyOf(rows);
    }

    /** A route that fits, with what its pattern found. */
    record Match(Route route, Map<String, String> variables) {}

    Optional<Match> find(HttpMethod method, String path) {
        for (Route row : rows) {
            if (!row.method().equals(method)) {
                continue;
            }
            Optional<Match> match = row.path().match(path).map(variables -> new Match(row, variables));
            if (match.isPresent()) {
                return match;
            }
        }
        return Optional.empty();
    }
}
