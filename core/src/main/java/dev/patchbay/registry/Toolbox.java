package dev.patchbay.registry;

/** What all repositories share. */
record Toolbox(RegistryConfig config, Redirects redirects, TokenService tokens, Endpoints endpoints,
        Refusals refusals,
        Timers timers) {
    static Toolbox of(RegistryConfig config, Wire wire, InsecureHosts hosts, Timers timers) {
        var redirects = new Redirects(wire, hosts);
        var refusals = new Refusals(config.retries(), timers.clock());
        var tokens = new TokenService(wire, redirects, hosts, refusals,
                new TokenService.Settings(config.timeouts(), timers));
        return new Toolbox(config, redirects, tokens, new Endpoints(config, hosts), refusals, timers);
    }

    Authorizer authorizer(Credentials credentials) {
        return new Authorizer(credentials, redirects, tokens, timers);
    }

    Repetition repetition() {
        return new Repetition(config.retries(), timers);
    }
}
