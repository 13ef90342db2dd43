package dev.patchbay.store;

import static dev.patchbay.store.PluginStoreContract.id;
import static dev.patchbay.store.PluginStoreContract.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.plugin.PluginId;
import dev.patchbay.plugin.PluginRecord;
import dev.patchbay.use.Holder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who holds a plugin over restarts, read from files that are not always what they should be. */
class HoldersFileTest {
    private static final PluginId GOOD = id('a');
    private static final Holder ONE = Holder.durable("one", "volume db");
    private static final Holder TWO = Holder.durable("two", "backup");

    @TempDir
    Path folder;

    private StoreOnDisk on;
    private Path file;

    @BeforeEach
    void install() {
        on = StoreOnDisk.opened(folder.resolve("plugins"));
        PluginRecord good = on.install(GOOD, "good");
        run(on.store.save(good.withPlugin(good.plugin().withEnabled(true))));
        run(on.store.saveHolders(GOOD, List.of(ONE, TWO)));
        file = on.layout.holders(GOOD);
    }

    @AfterEach
    void close() {
        on.close();
    }

    @Test
    void isReadAsItWasWritten() throws IOException {
        assertThat(holders(on.load())).containsExactly(ONE, TWO);
        assertThat(damaged()).isEmpty();
        assertThat(Files.readString(file)).startsWith("{\"version\":1,");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{}", "{\"version\":1,\"holders\":5}", "{\"holders\":[]}",
            "{\"version\":2,\"holders\":[{\"id\":\"one\",\"label\":\"x\"}]}"})
    void isSetAsideIfItIsDamagedOrOfALaterVersionAndThePluginRuns(String text) throws IOException {
        Files.writeString(file, text);
        List<Loaded> found = on.load();
        assertThat(holders(found)).isEmpty();
        assertThat(damaged()).singleElement().satisfies(aside -> {
            assertThat(aside).hasContent(text);
            assertThat(notices(found)).singleElement().asString().contains(aside.toString(), "vieux/sample");
        });
        List<Loaded> again = on.load();
        assertThat(holders(again)).isEmpty();
        assertThat(notices(again)).hasSize(1);
        assertThat(damaged()).hasSize(1);
    }

    @Test
    void keepsThoseThatCanBeRead() throws IOException {
        String text = "{\"version\":1,\"holders\":[{\"id\":\"/\",\"label\":\"x\"},7,"
                + "{\"id\":\"two\",\"label\":\"backup\"}]}";
        Files.writeString(file, text);
        List<Loaded> found = on.load();
        assertThat(holders(found)).containsExactly(TWO);
        assertThat(notices(found)).hasSize(1);
        assertThat(damaged()).singleElement().satisfies(aside -> assertThat(aside).hasContent(text));
        assertThat(holders(on.load())).containsExactly(TWO);
        assertThat(damaged()).hasSize(1);
    }

    @Test
    void isSetAsideIfItCannotBeRead() throws IOException {
        Files.delete(file);
        Files.createDirectory(file);
        List<Loaded> found = on.load();
        assertThat(holders(found)).isEmpty();
        assertThat(notices(found)).hasSize(1);
        assertThat(damaged()).hasSize(1);
        run(on.store.saveHolders(GOOD, List.of(ONE)));
        assertThat(holders(on.load())).containsExactly(ONE);
    }

    private static List<Holder> holders(List<Loaded> found) {
        return found.stream()
                .filter(Loaded.Intact.class::isInstance)
                .map(Loaded.Intact.class::cast)
                .toList()
                .getFirst()
                .holders();
    }

    private static List<String> notices(List<Loaded> found) {
        return found.stream()
                .filter(Loaded.Notice.class::isInstance)
                .map(Loaded.Notice.class::cast)
                .map(Loaded.Notice::problem)
                .toList();
    }

    private List<Path> damaged() throws IOException {
        try (Stream<Path> names = Files.list(on.layout.plugin(GOOD))) {
            return names.filter(name -> Layout.name(name).startsWith("damaged-holders-")).toList();
        }
    }
}
