package dev.patchbay;

import java.nio.ByteBuffer;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A plugin that runs, as those who use it see it: it answers calls over its socket.
 *
 * <p>A client belongs to one start of the plugin. When that ends, because the plugin crashed or was disabled, calls under
 * way fail at once, and so does every later one; the next start has a client of its own.
 *
 * <p><b>Threads:</b> signals arrive on the client's event loops, {@code plugin-http-*} or those of the host, which must
 * not be blocked, as a rule on that from which the call was made; those of large answers, and of the first of each type, on
 * {@code plugin-codec}, timeouts on {@code plugin-calls}, and what is refused before anything was sent on the subscribing
 * thread. Values that are large, and the first of each type, are written on {@code plugin-codec} too. <b>Cancelling</b> a
 * call closes its connection; what the plugin makes of that is its own business.
 *
 * <p>A plugin that hangs costs its callers no thread, and them alone: so many calls are under way at a time, until their
 * answers were read, so many more wait, and the rest is refused; when most of the last calls came to nothing, all are refused
 * for a while, one excepted that tries. A call that is cancelled came to nothing if the plugin has had it for some seconds. One
 * that finds the plugin's socket full comes again in a moment, for as long as it has time.
 */
public interface PluginClient {
    /** The plugin's name. */
    String plugin();

    /** Where the plugin listens, for those who speak to it themselves: it may have another {@link #scheme}. */
    PluginAddress address();

    /** The protocol that the plugin speaks; calls can be made if it is {@code moby.plugins.http/v1}, or none is named. */
    String scheme();

    /**
     * What the plugin says that it implements ({@code Plugin.Activate}): asked for at first use, remembered for as long as
     * this start of the plugin lasts. A failure is not remembered. A managed plugin may not know the question: its
     * configuration says what it is.
     *
     * @return the names, as the plugin writes them; fails as {@link #call}
     */
    Mono<Set<String>> subsystems();

    /**
     * This client, once the plugin has said that it implements a subsystem; names are compared without regard to case.
     *
     * @return fails as {@link #call}, and with {@link PluginCallException.NotImplemented}
     */
    Mono<PluginClient> implementing(String subsystem);

    /**
     * Asks the plugin for something and reads its answer.
     *
     * <p><b>Cold:</b> each subscription makes one call. <b>Order:</b> none between calls. Nothing is sent twice unless the
     * call is {@link PluginCall#repeatable}; then it is sent again, whole and with growing pauses, when there was no
     * connection, it broke, or no answer came in time.
     *
     * @return the answer; empty if it is to be read as {@code Void}. Fails with a {@link PluginCallException}, whose leaf says
     *     what went wrong, and with whatever the stream that is to be sent fails with
     */
    <A> Mono<A> call(PluginCall<A> call);

    /**
     * Asks the plugin for something and hands on the bytes of its answer, as they come and as they are asked for. They may
     * come for hours: only their beginning has a time limit, and they count as streams, of which there may be so many.
     * What the answer is said to be read as does not matter, and it is never tried again.
     *
     * @return fails as {@link #call}
     */
    Flux<ByteBuffer> stream(PluginCall<?> call);
}
