package dev.patchbay.oci;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Whether the kernel counts what control groups have swapped: an option of its build and of its command line. */
final class SwapAccounting {
    private SwapAccounting() {}

    /**
     * Looks for the files that would limit it. Blocks.
     *
     * @param cgroups where control groups are mounted
     */
    static boolean isThere(Path cgroups) {
        if (Files.exists(cgroups.resolve("memory/memory.limit_in_bytes"))) { // cgroups(7), version 1
            return Files.exists(cgroups.resolve("memory/memory.memsw.limit_in_bytes"));
        }
        return isInVersion2(cgroups);
    }

    // There the group at the top has no limits. Where no other one can be asked there is no harm in trying: a runtime
    // passes over a limit of 0 for swap that the kernel does not know.
    private static boolean isInVersion2(Path cgroups) {
        boolean asked = false;
        try (DirectoryStream<Path> groups = Files.newDirectoryStream(cgroups)) {
            for (Path group : groups) {
                if (Files.isDirectory(group, LinkOption.NOFOLLOW_LINKS)
                        && Files.exists(group.resolve("memory.max"))) {
                    if (Files.exists(group.resolve("memory.swap.max"))) {
                        return true;
                    }
                    asked = true;
                }
            }
        } catch (IOException | DirectoryIteratorException _) {
            return true;
        }
        return !asked;
    }
}
