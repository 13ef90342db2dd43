package dev.patchbay.oci;

import java.util.List;

/** What a spec depends on and only the machine knows. Implementations may block. */
public interface HostFacts {

    /**
     * The devices a path stands for: itself, following a link, under the path that was asked for; or, of a folder, every
     * device below it, leaving out all else.
     *
     * @throws InvalidSpecException if there is nothing, or neither device nor folder
     */
    List<DeviceNode> devices(String path);

    /** The files that tell of the processors' temperature, a side channel that containers must not see. */
    List<String> thermalThrottlePaths();
}
