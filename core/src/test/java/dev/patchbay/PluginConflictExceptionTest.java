package dev.patchbay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.use.Holder;
import dev.patchbay.use.Holders;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What stands against a request, with who uses the plugin. */
class PluginConflictExceptionTest {
    @Test
    void keepsWhoUsesThePluginWhenItIsSerialized() throws IOException, ClassNotFoundException {
        Holders holders = Holders.of(List.of(Holder.durable("one", "volume db")));
        var bytes = new ByteArrayOutputStream();
        try (var out = new ObjectOutputStream(bytes)) {
            out.writeObject(PluginConflictException.inUse("echo:latest", "in use", holders));
        }
        try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            var read = (PluginConflictException) in.readObject();
            assertThat(read.holders()).isEqualTo(holders);
            assertThat(read.kind()).isEqualTo(PluginConflictException.Kind.IN_USE);
        }
    }
}
