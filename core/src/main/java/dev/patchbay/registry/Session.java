package dev.patchbay.registry;

import dev.patchbay.reference.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What one {@link Repository} learns while it is used: the endpoint that answers, and what each wants to see. An endpoint
 * that did what it was asked comes first from then on. Of the two ways to an insecure registry, the first to which it
 * answers anything is the only one from then on.
 */
final class Session {
    private final Reference name;
    private final Registry.Action action;
    private final RegistryAccess access;
    private final Toolbox tools;
    private final AtomicReference<@Nullable List<Endpoint>> order = new AtomicReference<>();
    private final Map<Endpoint, Authorizer> authorizers = new ConcurrentHashMap<>();

    Session(Reference name, Registry.Action action, RegistryAccess access, Toolbox tools) {
        this.name = name;
        this.action = action;
        this.access = access;
        this.tools = tools;
    }

    Reference name() {
        return name;
    }

    Toolbox tools() {
        return tools;
    }

    /** A request below the repository. */
    Request request(String purpose, String method, Endpoint endpoint, String rest) {
        return new Request(purpose, method, endpoint.url(name.path(), rest), endpoint.trust(), List.of(),
                Optional.empty(), tools.config().timeouts().headers());
    }

    /** What whoever we act for is allowed to ask for here. */
    Scopes scopes() {
        return Scopes.of(name, action);
    }

    /** Sends a request to an endpoint, as whoever we act for. Whoever gets the answer must close it. */
    Mono<Answer> send(Endpoint endpoint, Request request) {
        return send(endpoint, request, scopes());
    }

    /** As {@link #send(Endpoint, Request)}, with a token for other scopes. */
    Mono<Answer> send(Endpoint endpoint, Request request, Scopes scopes) {
        if (!request.origin().equals(endpoint.origin())) {
            return abroad(endpoint, request);
        }
        Request complete = switch (endpoint.role()) {
            case REGISTRY -> withCallersHeaders(request);
            case MIRROR -> request;
        };
        return authorizers.computeIfAbsent(endpoint, this::authorizer)
                .send(new TokenService.Wish(complete, Deed.of(action), scopes, false));
    }

    /** To where the registry has sent us: without credentials, without callers' headers. */
    private Mono<Answer> abroad(Endpoint endpoint, Request request) {
        var asked = new Request(request.purpose(), request.method(), endpoint.base(), endpoint.trust(),
                List.of(),
                Optional.empty(), request.patience());
        return tools.redirects()
                .permitted(asked, request.url())
                .flatMap(trust -> tools.redirects().send(request.movedTo(request.url(), trust)));
    }

    private Authorizer authorizer(Endpoint endpoint) {
        return tools.authorizer(switch (endpoint.role()) {
            case REGISTRY -> access.credentials();
            case MIRROR -> new Credentials.Anonymous();
        });
    }

    private Request withCallersHeaders(Request request) {
        Request complete = request;
        for (var header : access.headers().entrySet()) {
            for (String value : header.getValue()) {
                complete = complete.with(header.getKey(), value);
            }
        }
        return complete;
    }

    /** Fails with what an answer means that nobody hoped for, and closes it. */
    <T> Mono<T> refuse(Answer answer) {
        return tools.refusals().refuse(answer, Deed.of(action));
    }

    /** Does something at the first endpoint that can, once; nothing is tried twice at one endpoint. */
    <T> Flux<T> anywhere(Function<Endpoint, Flux<T>> work) {
        return among(_ -> true, work);
    }

    /** As {@link #anywhere}, at the registry itself. */
    <T> Flux<T> atRegistry(Function<Endpoint, Flux<T>> work) {
        return among(endpoint -> endpoint.role() == Endpoint.Role.REGISTRY, work);
    }

    private <T> Flux<T> among(Predicate<Endpoint> which, Function<Endpoint, Flux<T>> work) {
        return Mono.defer(this::endpoints)
                .flatMapMany(
                        all -> new Round<>(all.stream().filter(which).toList(), work).from(0, List.of()));
    }

    private Mono<List<Endpoint>> endpoints() {
        List<Endpoint> known = order.get();
        return known != null
                ? Mono.just(known)
                : tools.endpoints().of(name.domain()).map(found -> {
                    order.compareAndSet(null, found);
                    return found;
                });
    }

    private void answers(Endpoint endpoint) {
        order.updateAndGet(all -> all == null
                ? null
                : all.stream()
                        .filter(other -> other.equals(endpoint) || !isSameHost(other, endpoint))
                        .toList());
    }

    private void serves(Endpoint endpoint) {
        answers(endpoint);
        order.updateAndGet(all -> {
            if (all == null || all.getFirst().equals(endpoint)) {
                return all;
            }
            var changed = new ArrayList<>(all);
            changed.remove(endpoint);
            changed.addFirst(endpoint);
            return List.copyOf(changed);
        });
    }

    private static boolean isSameHost(Endpoint one, Endpoint other) {
        return one.role() == other.role() && !one.origin().equals(other.origin())
                && one.origin().withScheme(other.origin().scheme()).equals(other.origin());
    }

    /** One try of each endpoint. */
    private final class Round<T> {
        private final List<Endpoint> endpoints;
        private final Function<Endpoint, Flux<T>> work;

        Round(List<Endpoint> endpoints, Function<Endpoint, Flux<T>> work) {
            this.endpoints = endpoints;
            this.work = work;
        }

        Flux<T> from(int index, List<RegistryException> failures) {
            Endpoint endpoint = endpoints.get(index);
            return work.apply(endpoint)
                    .concatWith(Mono.fromRunnable(() -> serves(endpoint)))
                    .onErrorResume(RegistryException.class, failure -> next(index, failures, failure));
        }

        private Flux<T> next(int index, List<RegistryException> earlier, RegistryException failure) {
            var failures = new ArrayList<>(earlier);
            failures.add(failure);
            if (Verdict.isAnswer(failure)) {
                answers(endpoints.get(index));
            }
            int following = following(index, failure);
            return following < endpoints.size()
                    ? from(following, failures)
                    : Flux.error(() -> Verdict.of(failures));
        }

        /** Plain HTTP makes no sense where TLS was answered, whatever the answer was. */
        private int following(int index, RegistryException failure) {
            int following = index + 1;
            boolean otherWay = following < endpoints.size()
                    && isSameHost(endpoints.get(index), endpoints.get(following));
            return otherWay && Verdict.isAnswer(failure) ? following + 1 : following;
        }
    }
}
