package dev.patchbay.executor.runc;

import dev.patchbay.executor.LogLine;
import dev.patchbay.executor.LogLine.Stream;
import dev.patchbay.plugin.PluginId;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Joins the pieces into which a monitor cuts long lines, each stream by itself. Confined to its reader. */
final class LineJoiner {
    /** Where a line that does not end is cut, in bytes. */
    static final int MAX_LINE_BYTES = 256 * 1024;

    private record Pieces(Instant time, ByteArrayOutputStream bytes) {}

    private final PluginId plugin;
    private final Map<Stream, Pieces> begun = new EnumMap<>(Stream.class);

    LineJoiner(PluginId plugin) {
        this.plugin = plugin;
    }

    /** Takes the next entry; gives a line when it is complete. */
    Optional<LogLine> add(LogEntry entry) {
        Pieces pieces = begun.get(entry.stream());
        if (pieces == null && !entry.partial()) {
            return Optional.of(line(entry.time(), entry.stream(), entry.text().array()));
        }
        if (pieces == null) {
            pieces = new Pieces(entry.time(), new ByteArrayOutputStream());
            begun.put(entry.stream(), pieces);
        }
        pieces.bytes().writeBytes(entry.text().array());
        if (entry.partial() && pieces.bytes().size() < MAX_LINE_BYTES) {
            return Optional.empty();
        }
        begun.remove(entry.stream());
        return Optional.of(line(pieces.time(), entry.stream(), pieces.bytes().toByteArray()));
    }

    /** The streams that have an unended line. */
    List<Stream> unended() {
        return List.copyOf(begun.keySet());
    }

    /** Gives the unended lines as they are. */
    List<LogLine> flush() {
        var lines = new ArrayList<LogLine>();
        begun.forEach(
                (stream, pieces) -> lines.add(line(pieces.time(), stream, pieces.bytes().toByteArray())));
        begun.clear();
        return lines;
    }

    private LogLine line(Instant time, Stream stream, byte[] text) {
        return new LogLine(plugin, time, stream, new String(text, StandardCharsets.UTF_8));
    }
}
