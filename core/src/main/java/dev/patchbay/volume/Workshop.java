package dev.patchbay.volume;

/**
 * What all that is done to volumes is done with.
 *
 * @param file the book
 * @param drivers the plugins
 * @param calls what they are asked
 * @param places where their mounts are
 * @param news what is told of it
 */
record Workshop(BookFile file, Drivers drivers, DriverCalls calls, MountPoints places, Announcements news) {}
