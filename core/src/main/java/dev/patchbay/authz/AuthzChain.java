package dev.patchbay.authz;

import dev.patchbay.InvalidRequestException;
import dev.patchbay.PluginCall;
import dev.patchbay.PluginCallException;
import dev.patchbay.PluginCallException.Call;
import dev.patchbay.PluginException;
import dev.patchbay.PluginNotFoundException;
import dev.patchbay.PluginUse;
import dev.patchbay.PluginView;
import dev.patchbay.Plugins;
import dev.patchbay.Provider;
import dev.patchbay.plugin.InterfaceType;
import dev.patchbay.plugin.PluginId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * All who must agree to a request: those whom the operator named, in that order, and then every other plugin that is enabled
 * and can do {@value #CAPABILITY}, by name. Thread-safe.
 *
 * <p>There is no list that could be out of date: who belongs to it follows from which plugins there are when a request comes. One
 * that is enabled has joined with that, whether it runs or not: while it does not, its requests are denied. One that is
 * disabled or removed has left with that, and is back when it is enabled again, also if it was named (in moby it leaves before
 * it is clear that it will be disabled, stays when it is removed by force, and never comes back, D28). Nobody holds a
 * plugin here: it can be disabled by whoever its own rules allow to.
 *
 * <p>What is missing cannot be told from what there never was, so an operator who depends on a plugin names it: then
 * nothing starts without it.
 */
public final class AuthzChain {
    /** What authorization plugins can do. */
    public static final String CAPABILITY = "authz";

    /** The longest body that is shown; there is nothing to be done with a longer one. */
    public static final int MAX_BODY_BYTES = 4 << 20;

    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final InterfaceType ASKED = InterfaceType.asked(CAPABILITY);

    private final Plugins plugins;
    private final AuthzOptions options;
    private final List<Named> named;
    private final Map<Phase, PluginCall<JsonNode>> calls;
    private final Mono<List<Provider>> enabled;
    private volatile @Nullable Last last;

    /** Somebody whom the operator named. */
    private sealed interface Named {
        /** One of the engine's plugins, by its stored name. */
        record Managed(String name) implements Named {}

        /** One that lives by itself, and can come and go without anybody's permission. */
        record Other(String name) implements Named {}
    }

    /** The last round that nobody was missing from: plugins change seldom. */
    private record Last(List<Provider> present, AuthzRound round) {
        @SuppressWarnings("ReferenceEquality") // the same views, or it is made anew
        boolean isOf(List<Provider> others) {
            if (others.size() != present.size()) {
                return false;
            }
            for (int i = 0; i < others.size(); i++) {
                if (others.get(i) != present.get(i)) {
                    return false;
                }
            }
            return true;
        }
    }

    private AuthzChain(Plugins plugins, AuthzOptions options, List<Named> named) {
        this.plugins = plugins;
        this.options = options;
        this.named = List.copyOf(named);
        this.calls = calls(options.timeout());
        this.enabled = plugins.byCapability(CAPABILITY).collectList();
    }

    private static Map<Phase, PluginCall<JsonNode>> calls(Duration timeout) {
        var calls = new EnumMap<Phase, PluginCall<JsonNode>>(Phase.class);
        for (Phase phase : Phase.values()) {
            calls.put(phase, PluginCall.of(phase.method(), JsonNode.class).timeout(timeout));
        }
        return calls;
    }

    /**
     * Makes sure that those who are named are there. They need not run yet: until they do, requests are denied.
     *
     * <p><b>Cold.</b>
     *
     * @return fails with {@link InvalidRequestException} if one is not installed, not enabled, or no authorization plugin
     */
    public static Mono<AuthzChain> open(Plugins plugins, AuthzOptions options) {
        return Flux.fromIterable(options.named())
                .concatMap(name -> find(plugins, name))
                .distinct()
                .collectList()
                .map(named -> new AuthzChain(plugins, options, named));
    }

    private static Mono<Named> find(Plugins plugins, String name) {
        return plugins.inspect(name)
                .<Named>map(view -> managed(name, view))
                .onErrorResume(PluginNotFoundException.class, missing -> plugins.lookUp(name, CAPABILITY)
                        .<Named>map(_ -> new Named.Other(name))
                        .onErrorMap(PluginException.class,
                                failure -> failure instanceof PluginNotFoundException
                                        ? unfit(name, "is not installed", missing)
                                        : unfit(name, "cannot be used: " + failure.getMessage(), failure)));
    }

    private static Named managed(String name, PluginView view) {
        if (view.plugin().config().serving(ASKED).isEmpty()) {
            throw unfit(name, "is none: it does not declare docker.authz/1.0", null);
        }
        if (!view.plugin().enabled()) {
            throw unfit(name, "is not enabled; start without naming it, enable it, and start again", null);
        }
        return new Named.Managed(view.plugin().name().familiar());
    }

    private static InvalidRequestException unfit(String name, String why, @Nullable Throwable cause) {
        return new InvalidRequestException("authorization plugin \"" + name + "\" " + why, cause);
    }

    /**
     * Those who are to be asked about a request that comes now; nobody who joins later is. <b>Cold</b>, answers on the
     * subscribing thread.
     */
    public Mono<AuthzRound> begin() {
        return enabled.flatMap(this::round);
    }

    private Mono<AuthzRound> round(List<Provider> providers) {
        Last known = last;
        return known != null && known.isOf(providers) ? Mono.just(known.round()) : newRound(providers);
    }

    private Mono<AuthzRound> newRound(List<Provider> providers) {
        List<PluginView> present = providers.stream()
                .filter(PluginView.class::isInstance)
                .map(PluginView.class::cast)
                .toList();
        var members = new LinkedHashSet<Member>();
        var absent = new ArrayList<String>();
        for (Named one : named) {
            switch (one) {
                case Named.Other(String name) ->
                    members.add(new Member(name, Optional.empty(), lookUp(name)));
                case Named.Managed(String name) -> present.stream()
                        .filter(view -> view.plugin().name().familiar().equals(name))
                        .findFirst()
                        .ifPresentOrElse(view -> members.add(member(view)), () -> absent.add(name));
            }
        }
        present.forEach(view -> members.add(member(view)));
        if (absent.isEmpty()) {
            var round = new AuthzRound(this, List.copyOf(members));
            last = new Last(providers, round);
            return Mono.just(round);
        }
        return unable(absent).collectList().map(unable -> {
            unable.addAll(members);
            return new AuthzRound(this, unable);
        });
    }

    private Member member(PluginView view) {
        PluginId id = view.plugin().id();
        return new Member(view.plugin().name().familiar(), Optional.of(id), lookUp(id.hex()));
    }

    private Mono<PluginUse> lookUp(String nameOrId) {
        return plugins.lookUp(nameOrId, CAPABILITY);
    }

    /** Those that are enabled, but have become something else since they were named: they cannot say yes any more. */
    private Flux<Member> unable(List<String> names) {
        return Flux.fromIterable(names)
                .concatMap(name -> plugins.inspect(name)
                        .filter(view -> view.plugin().enabled())
                        .map(this::member)
                        .onErrorResume(PluginNotFoundException.class, _ -> Mono.empty()));
    }

    /**
     * Asks one plugin. Not repeated, except if the connection breaks: plugins close those that are idle, which nobody notices
     * before the next call. Both tries together may take as long as one, counted from this call.
     */
    Mono<Verdict> ask(Member member, Phase phase, AuthzMessage message) {
        return twice(member, Objects.requireNonNull(calls.get(phase)).body(message))
                .map(answer -> AuthzRules.judge(member.name(), phase,
                        AuthzAnswer.of(new Call(member.name(), phase.method()), answer)))
                .onErrorResume(PluginException.class,
                        failure -> withoutAnswer(member, AuthzRules.judge(member.name(), phase, failure),
                                failure));
    }

    private Mono<JsonNode> twice(Member member, PluginCall<JsonNode> call) {
        long until = System.nanoTime() + options.timeout().toNanos();
        return once(member, call)
                .onErrorResume(PluginCallException.Broken.class, _ -> {
                    Duration left = Duration.ofNanos(until - System.nanoTime());
                    return once(member, call.timeout(left.compareTo(SHORTEST) > 0 ? left : SHORTEST));
                });
    }

    private Mono<JsonNode> once(Member member, PluginCall<JsonNode> call) {
        return member.lookUp()
                .flatMap(found -> found.plugin().equals(member.id())
                        ? found.client().call(call)
                        : Mono.error(another(member)));
    }

    /** Whoever can install a plugin must not thereby become the one who is asked. */
    private static PluginException another(Member member) {
        return member.id().isPresent()
                ? new PluginNotFoundException(member.name())
                : new InvalidRequestException(
                        "the legacy plugin that was named is hidden by a managed one of the same"
                                + " name, which is not asked in its place",
                        null);
    }

    private Mono<Verdict> withoutAnswer(Member member, Verdict verdict, PluginException failure) {
        return AuthzRules.isSilence(failure)
                ? hasLeft(member).map(left -> left ? AuthzRules.ALLOWED : verdict)
                : Mono.just(verdict);
    }

    /** Whether it was disabled or removed since the round began: then it is not asked any more. */
    private Mono<Boolean> hasLeft(Member member) {
        return member.id().isPresent()
                ? plugins.inspect(member.key())
                        .map(view -> !view.plugin().enabled())
                        .onErrorReturn(PluginNotFoundException.class, true)
                        .onErrorReturn(false)
                : Mono.just(false);
    }

    /**
     * Somebody who is asked.
     *
     * @param name what people call it
     * @param id which of the engine's plugins it is, if it is one
     * @param lookUp finds it as it is when that is subscribed to
     */
    record Member(String name, Optional<PluginId> id, Mono<PluginUse> lookUp) {
        /** What it is looked up by. */
        private String key() {
            return id.map(PluginId::hex).orElse(name);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Member member && key().equals(member.key());
        }

        @Override
        public int hashCode() {
            return key().hashCode();
        }
    }
}
