package dev.patchbay.archive;

import java.nio.file.attribute.FileTime;
import java.util.Map;

/**
 * One entry of a tar archive as its headers describe it. Names are as archived, nothing about them is checked yet
 * except length and encoding.
 */
record TarItem(String name, Kind kind, Metadata metadata) {

    /** What an entry is. */
    sealed interface Kind {
        /** A file; {@code sizeBytes} counts holes. */
        record Regular(long sizeBytes, boolean sparse) implements Kind {}

        record Directory() implements Kind {}

        record Symlink(String target) implements Kind {}

        record HardLink(String target) implements Kind {}

        /** A character or block device. */
        record Device(DeviceType type, int major, int minor) implements Kind {}

        record Fifo() implements Kind {}
    }

    /** The two kinds of device nodes, with the file type bits of stat(2) and the type flag of tar. */
    enum DeviceType {
        CHARACTER(0020000, '3'), BLOCK(0060000, '4');

        private final int typeBits;
        private final char typeFlag;

        DeviceType(int typeBits, char typeFlag) {
            this.typeBits = typeBits;
            this.typeFlag = typeFlag;
        }

        int typeBits() {
            return typeBits;
        }

        char typeFlag() {
            return typeFlag;
        }
    }

    /**
     * What an entry carries beside its content.
     *
     * @param mode the twelve permission bits
     * @param attributes extended attributes by full name, exactly as archived
     */
    record Metadata(int mode, long uid, long gid, FileTime modified, Map<String, byte[]> attributes) {
        Metadata {
            attributes = Map.copyOf(attributes);
        }
    }

    TarItem withName(String newName) {
        return new TarItem(newName, kind, metadata);
    }

    TarItem withKind(Kind newKind) {
        return new TarItem(name, newKind, metadata);
    }
}
