package dev.patchbay.oci;

/**
 * A device of the host.
 *
 * @param path the path it was found at
 * @param type what kind it is
 * @param major the driver's number
 * @param minor the device's number with that driver
 * @param mode the permission bits
 * @param uid the owner
 * @param gid the group
 */
public record DeviceNode(String path, Type type, long major, long minor, int mode, long uid, long gid) {

    /** The same device under another path, as it appears in the plugin. */
    public DeviceNode at(String otherPath) {
        return new DeviceNode(otherPath, type, major, minor, mode, uid, gid);
    }

    /** What kinds of nodes a container may get. */
    public enum Type {
        /** A block device. */
        BLOCK("b"),
        /** A character device. */
        CHARACTER("c"),
        /** A named pipe: no device to the kernel, but moby lets it through. */
        FIFO("p");

        private final String letter;

        Type(String letter) {
            this.letter = letter;
        }

        /** The letter of the OCI runtime spec. */
        public String letter() {
            return letter;
        }
    }
}
