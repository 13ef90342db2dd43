package dev.patchbay.simulation;

import dev.patchbay.limits.SeccompHost;
import dev.patchbay.oci.DeviceNode;
import dev.patchbay.oci.HostFacts;
import dev.patchbay.oci.InvalidSpecException;
import java.util.List;

/** A machine without devices, which in bad times lacks what plugins need. */
final class SimulatedHost implements HostFacts {
    private final Surroundings around;

    SimulatedHost(Surroundings around) {
        this.around = around;
    }

    @Override
    public List<DeviceNode> devices(String path) {
        return List.of();
    }

    @Override
    public List<String> thermalThrottlePaths() {
        if (around.hostLacksSomething()) {
            throw new InvalidSpecException("the host lacks something");
        }
        return List.of();
    }

    @Override
    public SeccompHost seccompHost() {
        return new SeccompHost("amd64", new SeccompHost.Kernel(6, 1));
    }

    @Override
    public boolean limitsSwap() {
        return true;
    }
}
