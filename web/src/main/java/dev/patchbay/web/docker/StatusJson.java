package dev.patchbay.web.docker;

import dev.patchbay.Status;
import dev.patchbay.executor.ExitStatus;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The {@code Status} object: how a plugin is, which Docker has no place for. Clients that do not know it skip it. */
final class StatusJson {
    private StatusJson() {}

    /** The object; what there is nothing to say about is left out. */
    static ObjectNode tree(Status status) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        tree.put("State", status.state().label());
        tree.put("Since", status.since().toString());
        tree.put("Generation", status.generation());
        tree.put("Restarts", status.restarts());
        status.lastExit().ifPresent(exit -> tree.set("LastExit", exit(exit)));
        ArrayNode lines = tree.putArray("LastErrorLines");
        status.lastErrorLines().forEach(lines::add);
        status.reason().ifPresent(reason -> tree.put("Reason", reason));
        status.nextTry().ifPresent(next -> tree.put("NextTry", next.toString()));
        return tree;
    }

    private static ObjectNode exit(ExitStatus exit) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        switch (exit) {
            case ExitStatus.Exited(int code) -> tree.put("ExitCode", code);
            case ExitStatus.Signaled(int number, boolean outOfMemory) ->
                tree.put("Signal", number).put("OOMKilled", outOfMemory);
            case ExitStatus.Unknown(String reason) -> tree.put("Unknown", reason);
        }
        return tree;
    }
}
