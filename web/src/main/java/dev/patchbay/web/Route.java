package dev.patchbay.web;

import io.netty.handler.codec.http.HttpMethod;

/**
 * One row of the route table.
 *
 * @param method the only method that it serves
 * @param path the paths that it serves
 * @param handler who answers
 */
public record Route(HttpMethod method, PathPattern path, Handler handler) {
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

    /** This row with another handler. */
    public Route with(Handler other) {
        return new Route(method, path, other);
    }
}
