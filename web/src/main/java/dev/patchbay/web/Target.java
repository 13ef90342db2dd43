package dev.patchbay.web;

import io.netty.handler.codec.http.HttpMethod;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a request asks for.
 *
 * @param method the method
 * @param path the percent-decoded path
 * @param rawQuery the text that the query parameters were read from; empty if there is none
 * @param query the decoded query parameters
 * @param variables what the route's pattern found in the path
 */
public record Target(
        HttpMethod method,
        String path,
        String rawQuery,
        Map<String, List<String>> query,
        Map<String, String> variables) {
    /** The first value of a query parameter. */
    public Optional<String> query(String name) {
        return query.getOrDefault(name, List.of()).stream().findFirst();
    }

    Target with(Map<String, String> found) {
        return new Target(method, path, rawQuery, query, found);
    }
}
