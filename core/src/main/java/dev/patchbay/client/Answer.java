package dev.patchbay.client;

/**
 * What came back.
 *
 * @param status the HTTP status
 * @param body all of it; of a failure, its beginning
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Answer(int status, byte[] body) {
    /** The status of what is no failure. */
    static final int OK = 200;

    /** How many bytes are read or written as JSON without keeping an event loop. */
    static final int LARGE = 64 << 10;

    /** Whether reading it as JSON would keep an event loop. */
    boolean isLarge() {
        return body.length > LARGE;
    }
}
