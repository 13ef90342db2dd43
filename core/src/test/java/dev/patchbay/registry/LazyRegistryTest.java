package dev.patchbay.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.reference.Reference;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A registry client costs nothing before it is used, nor afterwards. */
final class LazyRegistryTest {
    private static final Reference NAME = Reference.parse("127.0.0.1:1/a/b:1.0");

    private final AtomicInteger opened = new AtomicInteger();
    private final HttpRegistry registry = HttpRegistry.open(RegistryWorld.impatient(_ -> {}), () -> {
        opened.incrementAndGet();
        return Sockets.open();
    });

    private Repository repository() {
        return registry.repository(NAME, Registry.Action.PULL, RegistryAccess.ANONYMOUS);
    }

    @Test
    void opensNothingUntilSomebodyAsks() {
        var login = registry.login("127.0.0.1:1", RegistryWorld.USER);
        assertThat(opened).hasValue(0);

        assertThatThrownBy(() -> login.block(RegistryWorld.PATIENCE))
                .isInstanceOf(RegistryException.Unavailable.class);
        assertThatThrownBy(() -> repository().manifest(NAME).block(RegistryWorld.PATIENCE))
                .isInstanceOf(RegistryException.Unavailable.class);
        assertThat(opened).hasValue(1);
        registry.close().block(RegistryWorld.PATIENCE);
    }

    @Test
    void opensNothingToBeClosed() {
        registry.close().block(RegistryWorld.PATIENCE);
        registry.close().block(RegistryWorld.PATIENCE);

        assertThatThrownBy(() -> repository().manifest(NAME).block(RegistryWorld.PATIENCE))
                .isInstanceOf(RegistryException.Unavailable.class)
                .hasMessageContaining("was closed");
        assertThatThrownBy(() -> registry.login("", RegistryWorld.USER).block(RegistryWorld.PATIENCE))
                .isInstanceOf(RegistryException.Unavailable.class)
                .hasMessageContaining("was closed");
        assertThat(opened).hasValue(0);
    }

    @Test
    void endsWhatWasAskedForBeforeItWasClosed() {
        Repository repository = repository();
        registry.close().block(RegistryWorld.PATIENCE);

        assertThatThrownBy(() -> repository.manifest(NAME).block(RegistryWorld.PATIENCE))
                .isInstanceOf(RegistryException.Unavailable.class)
                .hasMessageContaining("was closed");
    }
}
