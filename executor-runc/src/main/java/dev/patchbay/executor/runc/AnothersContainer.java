package dev.patchbay.executor.runc;

import java.io.IOException;

/** That a plugin's control group is in use for a container that is not ours to end. */
final class AnothersContainer extends IOException {
    private static final long serialVersionUID = 1;

    AnothersContainer(String message) {
        super(message);
    }
}
