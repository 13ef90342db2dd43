package dev.patchbay.legacy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.legacy.Sighting.Meaning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileLooksTest {
    @TempDir
    private Path folder;

    private final List<Runnable> hanging = new ArrayList<>();
    private final AtomicInteger answered = new AtomicInteger();

    private Path spec(String name) throws IOException {
        return Files.writeString(folder.resolve(name + ".spec"), "unix:///run/" + name);
    }

    private static Sighting at(FileLooks looks, Path file) throws InterruptedException {
        return Objects.requireNonNull(looks.at(List.of(file), _ -> false).get(file));
    }

    private static String problem(Sighting sighting) {
        return Sighting.told(List.of(sighting)).getFirst();
    }

    @Test
    void givesUpOnAFileThatHangsAndHasNoSecondThreadForIt() throws Exception {
        Path file = spec("a");
        var looks = new FileLooks(hanging::add, answered::incrementAndGet, Duration.ofMillis(20));

        Sighting first = at(looks, file);
        Sighting second = at(looks, file);
        assertThat(problem(first)).contains(file.toString(), "has not answered");
        assertThat(second).isEqualTo(first);
        assertThat(hanging).hasSize(1);
        assertThat(answered).hasValue(0);

        hanging.removeFirst().run();
        assertThat(answered).as("whoever waits for it looks again").hasValue(1);
        var prompt = new FileLooks(Runnable::run, () -> {}, Duration.ofSeconds(5));
        assertThat(at(prompt, file).meaning()).isInstanceOf(Meaning.Target.class);
    }

    @Test
    void looksAgainAtAFileThatHung() throws Exception {
        Path file = spec("a");
        var looks = new FileLooks(hanging::add, answered::incrementAndGet, Duration.ofMillis(20));
        assertThat(at(looks, file).meaning()).isInstanceOf(Meaning.Unusable.class);
        hanging.removeFirst().run();
        assertThat(at(looks, file).meaning()).isInstanceOf(Meaning.Unusable.class);
        assertThat(hanging).as("a new look").hasSize(1);
    }

    @Test
    void readsAgainOnlyWhatHasChanged() throws Exception {
        Path file = spec("a");
        var looks = new FileLooks(Runnable::run, () -> {}, Duration.ofSeconds(5));
        Sighting first = at(looks, file);
        assertThat(at(looks, file)).isSameAs(first);

        Files.writeString(file, "unix:///run/other");
        assertThat(at(looks, file)).isNotEqualTo(first);
        Files.delete(file);
        assertThat(at(looks, file).meaning()).isEqualTo(new Meaning.Absent());
    }

    @Test
    void seesNoOtherPluginInAFileThatWasOnlyTouched() throws Exception {
        Path file = spec("a");
        var looks = new FileLooks(Runnable::run, () -> {}, Duration.ofSeconds(5));
        Roster first = Roster.EMPTY.found(Map.of("a", at(looks, file)));
        Files.setLastModifiedTime(file, FileTime.fromMillis(0));
        Roster second = first.found(Map.of("a", at(looks, file)));
        assertThat(second.without(first)).isEmpty();
        spec("b");
        Files.move(folder.resolve("b.spec"), file, StandardCopyOption.REPLACE_EXISTING);
        assertThat(second.found(Map.of("a", at(looks, file))).without(second)).hasSize(1);
    }
}
