package dev.patchbay.authz;

/** When a plugin is asked. */
enum Phase {
    /** Before a request is carried out. */
    REQUEST("AuthZPlugin.AuthZReq"),
    /** Before its answer is given. */
    RESPONSE("AuthZPlugin.AuthZRes");

    private final String method;

    Phase(String method) {
        this.method = method;
    }

    /** What is called. */
    String method() {
        return method;
    }
}
