package dev.patchbay.web;

import io.netty.handler.codec.http.HttpMethod;

/**
 * One row of the route table.
 *
 * @param method the only method that it serves
 * @param path the paths that it serves
 * @param handler who answers
 * @param wayOut whether root may do it whatever authorization plugins say
 */
public record Route(HttpMethod method, PathPattern path, Handler handler, WayOut wayOut) {
    /** What root may do whatever authorization plugins say, if the operator has left it this way out. */
    public enum WayOut {
        /** Not this. */
        CLOSED,
        /** This: it serves to find plugins and to get rid of them. */
        OPEN_TO_ROOT
    }

    /** A row that is not open to root. */
    public Route(HttpMethod method, PathPattern path, Handler handler) {
        this(method, path, handler, WayOut.CLOSED);
    }

    /** A route for GET. */
    public static Route get(PathPattern path, Handler handler) {
        return new Route(HttpMethod.GET, path, handler);
    }

    /** A route for POST. */
    public static Route post(PathPattern path, Handler handler) {
        return new Route(HttpMethod.POST, path, handler);
    }

    /** A route for PUT. */
    public static Route put(PathPattern path, Handler handler) {
        return new Route(HttpMethod.PUT, path, handler);
    }

    /** A route for DELETE. */
    public static Route delete(PathPattern path, Handler handler) {
        return new Route(HttpMethod.DELETE, path, handler);
    }

    /** This row, open to root. */
    public Route openToRoot() {
        return new Route(method, path, handler, WayOut.OPEN_TO_ROOT);
    }

    /** This row with another handler. */
    public Route with(Handler other) {
        return new Route(method, path, other, wayOut);
    }
}
