package dev.patchbay.registry;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * How registries are reached. Each value has a default; a bad one fails when the configuration is made.
 *
 * @param insecure hosts ({@code host}, {@code host:port}) and networks in CIDR notation that may be talked to without
 *     checking certificates, or without encryption; {@code 127.0.0.0/8} and {@code ::1/128} always may
 * @param mirrors of Docker Hub, tried before it in this order; a path is kept (D27); never sent credentials
 * @param hub where {@code docker.io} is
 * @param certificates folders named {@code host[:port]} in Docker's layout: {@code *.crt} are trusted besides the
 *     system's, pairs of {@code *.cert} and {@code *.key} are shown to the server
 * @param environment where {@code HTTP_PROXY}, {@code HTTPS_PROXY} and {@code NO_PROXY} are looked up, in capitals and
 *     in small letters
 * @param userAgent what we call ourselves; visible ASCII
 * @param timeouts of each step
 * @param retries what is tried again
 * @param uploadChunkBytes empty: blobs are sent in one piece if the registry takes that; else in pieces of this size
 */
public record RegistryConfig(
        List<String> insecure,
        List<URI> mirrors,
        URI hub,
        Path certificates,
        Map<String, String> environment,
        String userAgent,
        RegistryTimeouts timeouts,
        RegistryRetries retries,
        OptionalLong uploadChunkBytes) {
    /** Where Docker Hub's registry answers. */
    public static final URI HUB = URI.create("https://registry-1.docker.io");
    /** Where Docker keeps certificates for registries. */
    public static final Path CERTIFICATES = Path.of("/etc/docker/certs.d");
    /** Our name. Registries that look for Docker's find it where a browser would name its ancestors. */
    public static final String USER_AGENT = "patchbay/0.1 (docker plugin client)";

    /** Everything by default, without proxies. */
    public static final RegistryConfig DEFAULT = of(_ -> {});

    /** Checks and copies. @throws IllegalArgumentException if a value cannot be used */
    public RegistryConfig {
        insecure = List.copyOf(insecure);
        mirrors = List.copyOf(mirrors);
        environment = Map.copyOf(environment);
        InsecureHosts.check(insecure);
        mirrors.forEach(mirror -> Origin.check("mirror", mirror));
        Origin.check("hub", hub);
        Proxies.check(environment);
        if (userAgent.isEmpty() || !userAgent.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
            throw new IllegalArgumentException("the user agent must be visible ASCII");
        }
        if (uploadChunkBytes.isPresent() && uploadChunkBytes.getAsLong() < 1) {
            throw new IllegalArgumentException("uploadChunkBytes must be at least 1");
        }
    }

    /** The defaults, changed by what the host says. */
    public static RegistryConfig of(Consumer<Builder> changes) {
        var builder = new Builder();
        changes.accept(builder);
        return builder.build();
    }

    /** Without the environment: proxies are named with passwords in them. */
    @Override
    public String toString() {
        return "RegistryConfig[insecure=" + insecure + ", mirrors="
                + mirrors.stream().map(Origin::of).toList()
                + ", hub=" + Origin.of(hub) + ", certificates=" + certificates + ", timeouts=" + timeouts
                + ", retries=" + retries + "]";
    }

    /** Collects changes to the defaults. */
    public static final class Builder {
        private List<String> insecure = List.of();
        private List<URI> mirrors = List.of();
        private URI hub = HUB;
        private Path certificates = CERTIFICATES;
        private Map<String, String> environment = Map.of();
        private String userAgent = USER_AGENT;
        private RegistryTimeouts timeouts = RegistryTimeouts.DEFAULT;
        private RegistryRetries retries = RegistryRetries.DEFAULT;
        private OptionalLong uploadChunkBytes = OptionalLong.empty();

        private Builder() {}

        /** See {@link RegistryConfig#insecure}. */
        public Builder insecure(List<String> value) {
            insecure = value;
            return this;
        }

        /** See {@link RegistryConfig#mirrors}. */
        public Builder mirrors(List<URI> value) {
            mirrors = value;
            return this;
        }

        /** See {@link RegistryConfig#hub}. */
        public Builder hub(URI value) {
            hub = value;
            return this;
        }

        /** See {@link RegistryConfig#certificates}. */
        public Builder certificates(Path value) {
            certificates = value;
            return this;
        }

        /** See {@link RegistryConfig#environment}. */
        public Builder environment(Map<String, String> value) {
            environment = value;
            return this;
        }

        /** See {@link RegistryConfig#userAgent}. */
        public Builder userAgent(String value) {
            userAgent = value;
            return this;
        }

        /** See {@link RegistryConfig#timeouts}. */
        public Builder timeouts(RegistryTimeouts value) {
            timeouts = value;
            return this;
        }

        /** See {@link RegistryConfig#retries}. */
        public Builder retries(RegistryRetries value) {
            retries = value;
            return this;
        }

        /** See {@link RegistryConfig#uploadChunkBytes}. */
        public Builder uploadChunkBytes(long value) {
            uploadChunkBytes = OptionalLong.of(value);
            return this;
        }

        private RegistryConfig build() {
            return new RegistryConfig(insecure, mirrors, hub, certificates, environment, userAgent, timeouts,
                    retries, uploadChunkBytes);
        }
    }
}
