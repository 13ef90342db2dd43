package dev.patchbay.engine;

import dev.patchbay.engine.Decision.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.publisher.Sinks.EmissionException;
import reactor.core.publisher.Sinks.EmitFailureHandler;
import reactor.core.publisher.Sinks.EmitResult;

/** A reply that remembers every answer, one too many included. */
final class CountedReply implements Sinks.One<Outcome> {
    final List<Outcome> answers = new ArrayList<>();

    @Override
    public EmitResult tryEmitValue(@Nullable Outcome value) {
        answers.add(Objects.requireNonNull(value));
        return answers.size() == 1 ? EmitResult.OK : EmitResult.FAIL_TERMINATED;
    }

    @Override
    public void emitValue(@Nullable Outcome value, EmitFailureHandler handler) {
        throw new EmissionException(EmitResult.FAIL_TERMINATED);
    }

    @Override
    public EmitResult tryEmitEmpty() {
        return EmitResult.FAIL_TERMINATED;
    }

    @Override
    public EmitResult tryEmitError(Throwable error) {
        return EmitResult.FAIL_TERMINATED;
    }

    @Override
    public void emitEmpty(EmitFailureHandler handler) {
        throw new EmissionException(EmitResult.FAIL_TERMINATED);
    }

    @Override
    public void emitError(Throwable error, EmitFailureHandler handler) {
        throw new EmissionException(EmitResult.FAIL_TERMINATED);
    }

    @Override
    public int currentSubscriberCount() {
        return 0;
    }

    @Override
    public Mono<Outcome> asMono() {
        return Mono.never();
    }

    @Override
    @SuppressWarnings("rawtypes") // as it is declared
    public @Nullable Object scanUnsafe(Scannable.Attr key) {
        return null;
    }
}
