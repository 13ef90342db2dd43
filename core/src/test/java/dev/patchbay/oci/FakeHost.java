package dev.patchbay.oci;

import dev.patchbay.limits.SeccompHost;
import java.util.List;
import java.util.Map;

/** A machine with a few devices. */
record FakeHost(Map<String, List<DeviceNode>> known, List<String> thermalThrottlePaths,
        boolean limitsSwap) implements HostFacts {

    static final DeviceNode FUSE = new DeviceNode("/dev/fuse", DeviceNode.Type.CHARACTER, 10, 229, 0600, 0,
            0);
    static final DeviceNode DISK = new DeviceNode("/dev/x/sda", DeviceNode.Type.BLOCK, 8, 0, 0660, 0, 6);
    static final DeviceNode PIPE = new DeviceNode("/dev/x/pipe", DeviceNode.Type.FIFO, 0, 0, 0600, 0, 0);

    static final FakeHost USUAL = new FakeHost(
            Map.of("/dev/fuse", List.of(FUSE), "/dev/x", List.of(DISK, PIPE), "/dev/x/sda", List.of(DISK)),
            List.of(), true);

    @Override
    public List<DeviceNode> devices(String path) {
        List<DeviceNode> found = known.get(path);
        if (found == null) {
            throw new InvalidSpecException("no device " + path);
        }
        return found;
    }

    @Override
    public SeccompHost seccompHost() {
        return new SeccompHost("amd64", new SeccompHost.Kernel(6, 1));
    }
}
