package dev.patchbay.syscall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MountTableTest {
    private static final String TEXT = """
            1 0 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
            20 1 0:5 / /p/a rw shared:7 master:2 - tmpfs none rw,size=64k
            21 20 0:6 / /p/a/b\\040c rw - fuse.probe a\\134b rw
            22 1 0:7 /sub /p rw,nosuid - tmpfs none rw
            23 22 0:8 / /p/a ro - tmpfs none rw
            24 1 0:9 / /pp rw - proc proc rw
            """;

    @Test
    void readsEveryField() throws IOException {
        List<MountEntry> entries = MountTable.parse(TEXT).entries();
        assertThat(entries.get(2))
                .isEqualTo(new MountEntry(21, 20, "0:6", "/", Path.of("/p/a/b c"), "rw", List.of(),
                        "fuse.probe", "a\\b", "rw"));
        assertThat(entries.get(1).propagation()).containsExactly("shared:7", "master:2");
        assertThat(entries).extracting(MountEntry::shared)
                .containsExactly(true, true, false, false, false, false);
    }

    @Test
    void readsThoseOfSomeTypes() throws IOException {
        String text = TEXT + "25 1 0:10 / /q rw - ext4 a - proc x\n";
        assertThat(MountTable.parse(text, Set.of("proc", "fuse.probe")).entries())
                .extracting(MountEntry::id)
                .containsExactly(21, 24);
    }

    @Test
    void listsWhatIsBelowDeepestAndTopmostFirst() throws IOException {
        MountTable table = MountTable.parse(TEXT);
        assertThat(table.atOrBelow(Path.of("/p"))).extracting(MountEntry::id).containsExactly(21, 23, 20, 22);
        assertThat(table.below(Path.of("/p"))).extracting(MountEntry::id).containsExactly(21, 23, 20);
        assertThat(table.below(Path.of("/p/a/b c"))).isEmpty();
    }

    @Test
    void readsTheTableOfThisProcess() throws IOException {
        assertThat(MountTable.read().entries()).extracting(MountEntry::mountPoint).contains(Path.of("/proc"));
    }

    @Test
    void readsAnEmptyTable() throws IOException {
        assertThat(MountTable.parse("").entries()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"x", "1 0 8:1 / / rw ext4 /dev rw", "a 0 8:1 / / rw - ext4 /dev rw", "1 2 - a b c"})
    void refusesOtherText(String text) {
        assertThatThrownBy(() -> MountTable.parse(text)).isInstanceOf(IOException.class);
    }
}
