package dev.patchbay.volume;

import dev.patchbay.InvalidRequestException;
import java.util.Map;

/**
 * A volume that is to be there.
 *
 * @param name 2 to 255 letters, digits and {@code _.-}, the first one a letter or digit; if it is empty, one is made up
 * @param driver the volume plugin, in any form that plugins are named in; empty: whoever has a volume of that name
 * @param options for the driver, which knows what they mean; 128 and 32 KiB at most. They are kept on the disk, readable by
 *     root alone, and shown: no place for secrets
 * @param labels for people, and for filters; as many
 */
public record VolumeRequest(String name, String driver, Map<String, String> options,
        Map<String, String> labels) {
    /** The label that Docker gives to volumes whose name was made up: those alone are pruned without being asked for. */
    public static final String ANONYMOUS = "com.docker.volume.anonymous";

    /** Checks. @throws InvalidRequestException if a name, option or label is not allowed, or there are too many */
    public VolumeRequest {
        if (!name.isEmpty()) {
            VolumeNames.checked(name);
        }
        options = VolumeNames.checked("options", options);
        labels = VolumeNames.checked("labels", labels);
    }

    /** The same under a name. */
    VolumeRequest named(String other, Map<String, String> otherLabels) {
        return new VolumeRequest(other, driver, options, otherLabels);
    }
}
