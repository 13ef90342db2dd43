package dev.patchbay.volume;

import java.nio.file.Path;

/**
 * A volume that is mounted for somebody.
 *
 * @param volume its name
 * @param driver the stored name of its plugin
 * @param id by what it is unmounted
 * @param path the folder on the host. The plugin can change what is there, and put links into it: see
 *     {@link dev.patchbay.Plugins#onHost}
 */
public record MountedVolume(String volume, String driver, String id, Path path) {}
