package dev.patchbay.benchmarks.docker;

import java.io.IOException;

/** That dockerd does not bring up all plugins that are wanted: it gives one up that does not start at once. */
final class DockerdGaveUpException extends IOException {
    private static final long serialVersionUID = 1L;

    DockerdGaveUpException(String message) {
        super(message);
    }
}
