package dev.patchbay.web;

/** A request that the web layer itself refuses, before or beside the façade. */
public final class HttpFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    /** Makes one from the reply's status, 400 to 599, and a sentence for the client. */
    public HttpFailure(int status, String message) {
        super(message, null, false, false);
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("not the status of a failure: " + status);
        }
        this.status = status;
    }

    /** A request that can never succeed as it is: 400. */
    public static HttpFailure badRequest(String message) {
        return new HttpFailure(400, message);
    }

    /** The reply's status. */
    public int status() {
        return status;
    }
}
