package dev.patchbay.oci;

import dev.patchbay.limits.SeccompHost;
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

    /** What rules of a system call profile depend on. */
    SeccompHost seccompHost();

    /**
     * Whether the kernel counts what a control group has swapped, so that this can be limited. Where it does not, a memory
     * limit holds for memory alone, and what is told to swap is not held by it.
     */
    boolean limitsSwap();
}
