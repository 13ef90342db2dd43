package dev.patchbay.client;

/**
 * What calls to one start of a plugin are made with.
 *
 * @param endpoint whom they go to
 * @param options how they are made
 * @param clock how long they take
 * @param codec what is said, as JSON
 * @param turn where that is read and written if it takes a while
 * @param gate what they must pass
 * @param permits to be on the wire
 * @param wire what they go over
 * @param watch hears how they ended
 */
record CallMeans(PluginEndpoint endpoint, ClientOptions options, CallClock clock, Codec codec, CodecTurn turn,
        Gate gate, Permits permits, Wire wire, CallWatch watch) {
    static CallMeans of(PluginEndpoint endpoint, ClientOptions options, ClientThreads threads, Codec codec,
            CallWatch watch) {
        CallClock clock = threads.clock();
        return new CallMeans(endpoint, options, clock, codec, new CodecTurn(threads.codec()),
                new Gate(endpoint.generation(), options, clock),
                new Permits(options.limits().connections()),
                new Wire(endpoint, options.limits(), threads.loops(), clock), watch);
    }
}
