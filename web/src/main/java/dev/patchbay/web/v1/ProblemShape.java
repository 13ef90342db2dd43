package dev.patchbay.web.v1;

import dev.patchbay.plugin.Privilege;
import dev.patchbay.use.Holder;
import dev.patchbay.web.Reply;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;

/** {@code Problem}: problem details (RFC 9457) with members of ours. */
final class ProblemShape implements Shape<Problem> {
    /** The media type of problem details. */
    static final String MEDIA_TYPE = "application/problem+json";

    private static final PrivilegeShape PRIVILEGE = new PrivilegeShape();
    private static final HolderShape HOLDER = new HolderShape();
    private static final ExitShape EXIT = new ExitShape();
    private static final String TYPE = "urn:patchbay:problem:";
    private static final String INSTANCE = "urn:patchbay:request:";

    @Override
    public void write(JsonGenerator json, Problem problem) {
        json.writeStartObject();
        json.writeStringProperty("type", TYPE + problem.kind().word());
        json.writeStringProperty("title", problem.kind().title());
        json.writeNumberProperty("status", problem.status());
        json.writeStringProperty("detail", problem.detail());
        json.writeStringProperty("instance", INSTANCE + problem.requestId());
        json.writeBooleanProperty("retryable", problem.retry() == Problem.Retry.LATER);
        problem.more().ifPresent(more -> more(json, more));
        json.writeEndObject();
    }

    /** The answer to a request that failed. */
    Reply.Full reply(Problem problem) {
        byte[] body = (text(problem) + "\n").getBytes(StandardCharsets.UTF_8);
        return new Reply.Full(problem.status(), Map.of("Content-Type", MEDIA_TYPE), body);
    }

    private static void more(JsonGenerator json, Problem.More more) {
        switch (more) {
            case Problem.End end -> end(json, end);
            case Problem.Asked(List<Privilege> privileges) -> PRIVILEGE.list(json, "privileges", privileges);
            case Problem.InUse(List<Holder> holders) -> HOLDER.list(json, "holders", holders);
        }
    }

    private static void end(JsonGenerator json, Problem.End end) {
        json.writeNumberProperty("generation", end.generation());
        end.exit().ifPresent(exit -> {
            json.writeName("exit");
            EXIT.write(json, exit);
        });
        Shape.texts(json, "lastErrorLines", end.lastErrorLines());
    }
}
