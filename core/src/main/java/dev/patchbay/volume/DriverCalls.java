package dev.patchbay.volume;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.patchbay.PluginCall;
import dev.patchbay.PluginCallException;
import dev.patchbay.PluginCallException.Call;
import dev.patchbay.PluginUse;
import dev.patchbay.text.Quoted;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * Docker's volume protocol ({@code pkg/plugins}, {@code volume/drivers/proxy.go}), as far as a driver's part of it goes. What
 * mounts and unmounts may hang in the kernel for one volume, which says nothing of the others: it is not held against the plugin.
 */
final class DriverCalls {
    /** More volumes than a driver lists in earnest. */
    static final int MOST_LISTED = 10_000;

    private static final int LONGEST_PATH = 4096;

    private final VolumesConfig.Times times;

    DriverCalls(VolumesConfig.Times times) {
        this.times = times;
    }

    record Creating(String name, Map<String, String> opts) {}

    record Named(String name) {}

    record Mounting(String name, @JsonProperty("ID") String id) {}

    record Nothing() {}

    record Mounted(String mountpoint) {}

    record Got(@Nullable Entry volume) {}

    record Listed(List<Entry> volumes) {}

    record Capable(@Nullable Capabilities capabilities) {}

    record Capabilities(String scope) {}

    /** What a driver says of a volume. */
    record Entry(String name, String createdAt, @Nullable JsonNode status) {}

    Mono<Void> create(PluginUse driver, String volume, Map<String, String> options) {
        return driver.client()
                .call(call("Create", Void.class, times.call()).body(new Creating(volume, options)));
    }

    Mono<Void> remove(PluginUse driver, String volume) {
        return driver.client().call(call("Remove", Void.class, times.call()).body(new Named(volume)));
    }

    /** What it says of where the volume is then, which may be nothing, and is not looked at yet. */
    Mono<String> mount(PluginUse driver, String volume, String mount) {
        return driver.client()
                .call(call("Mount", Mounted.class, times.mount()).asUncounted()
                        .body(new Mounting(volume, mount)))
                .map(DriverCalls::said)
                .defaultIfEmpty("");
    }

    /** The mount point, as the plugin sees it. One that said none to {@code Mount} is asked for the path, as in moby. */
    Mono<String> mountpoint(PluginUse driver, String volume, String said) {
        return (said.isEmpty() ? path(driver, volume) : Mono.just(said)).map(path -> checked(driver, path));
    }

    private Mono<String> path(PluginUse driver, String volume) {
        return ask(driver, "Path", Mounted.class, new Named(volume)).map(DriverCalls::said);
    }

    private static String said(Mounted mounted) {
        return Optional.ofNullable(mounted.mountpoint()).orElse("");
    }

    private static String checked(PluginUse driver, String path) {
        if (path.isEmpty() || path.length() > LONGEST_PATH || !path.startsWith("/")
                || !path.codePoints().allMatch(Quoted::isVisible)) {
            throw unreadable(driver, "Mount",
                    "\"" + Quoted.shortened(path) + "\" is no absolute path of a mount point");
        }
        return path;
    }

    Mono<Void> unmount(PluginUse driver, String volume, String mount) {
        return driver.client()
                .call(call("Unmount", Void.class, times.call()).asUncounted()
                        .body(new Mounting(volume, mount)));
    }

    /** Completes empty if the driver has no such volume, whatever words it has for that. */
    Mono<Entry> get(PluginUse driver, String volume) {
        return ask(driver, "Get", Got.class, new Named(volume))
                .flatMap(got -> Mono.justOrEmpty(got.volume()))
                .map(entry -> {
                    if (!volume.equals(entry.name())) {
                        throw unreadable(driver, "Get", "asked for " + volume + " it tells of \""
                                + Quoted.shortened(String.valueOf(entry.name())) + "\"");
                    }
                    return entry;
                })
                .onErrorResume(PluginCallException.Refused.class, _ -> Mono.empty());
    }

    /**
     * Whether it says without doubt that it has no such volume: by an answer to {@code Get} without one, or by a list of all.
     * That it refuses {@code Get} does not say so: a driver also does that while what is behind it is down.
     */
    Mono<Boolean> lacks(PluginUse driver, String volume) {
        return ask(driver, "Get", Got.class, new Named(volume))
                .map(got -> got.volume() == null)
                .onErrorResume(PluginCallException.Refused.class, _ -> list(driver).map(
                        all -> all.stream().noneMatch(entry -> volume.equals(entry.name()))))
                .defaultIfEmpty(false);
    }

    /** All volumes that it says it has, those too whose names nobody may give. */
    Mono<List<Entry>> list(PluginUse driver) {
        return ask(driver, "List", Listed.class, new Nothing())
                .map(listed -> {
                    List<Entry> volumes = Optional.ofNullable(listed.volumes()).orElse(List.of());
                    if (volumes.size() > MOST_LISTED) {
                        throw unreadable(driver, "List", "it has " + volumes.size() + " volumes; "
                                + MOST_LISTED + " are read");
                    }
                    return volumes.stream().filter(entry -> entry != null && entry.name() != null).toList();
                });
    }

    /** {@code global}, or {@code local}, which it also is if the driver does not say (moby). */
    Mono<String> scope(PluginUse driver) {
        return ask(driver, "Capabilities", Capable.class, new Nothing())
                .map(answer -> answer.capabilities() != null
                        && "global".equalsIgnoreCase(answer.capabilities().scope())
                                ? "global"
                                : VolumeView.LOCAL)
                .defaultIfEmpty(VolumeView.LOCAL);
    }

    /**
     * Asks what changes nothing. Again only if the connection broke, as plugins close those that are idle: who does not answer
     * in time is not waited for twice, since a list of all drivers waits with it.
     */
    private <A> Mono<A> ask(PluginUse driver, String method, Class<A> answer, Object question) {
        Mono<A> once = driver.client().call(call(method, answer, times.question()).body(question));
        return once.onErrorResume(PluginCallException.Broken.class, _ -> once);
    }

    private static <A> PluginCall<A> call(String method, Class<A> answer, Duration limit) {
        return PluginCall.of("VolumeDriver." + method, answer).timeout(limit);
    }

    /** That an answer makes no sense. */
    static PluginCallException.Unreadable unreadable(PluginUse driver, String method, String problem) {
        return new PluginCallException.Unreadable(new Call(driver.name(), "VolumeDriver." + method), problem,
                null);
    }
}
