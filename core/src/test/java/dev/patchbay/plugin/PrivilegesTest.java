package dev.patchbay.plugin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PrivilegesTest {

    private static final Privilege ONE = new Privilege("mount", "d", List.of("/a"));
    private static final Privilege TWO = new Privilege("mount", "d", List.of("/b"));

    @Test
    void comeInDockersOrder() {
        PluginConfig config = PluginJson.config("""
                {"network":{"type":"host"},"ipchost":true,"pidhost":true,
                 "mounts":[{"source":"/b"},{"source":"/a"},{}],
                 "linux":{"allowAllDevices":true,"capabilities":["CAP_B","CAP_A"],
                          "devices":[{"path":"/dev/fuse"},{}]}}""".getBytes(UTF_8));
        assertThat(new String(GoJson.PLAIN.write(PluginJson.tree(Privileges.of(config))), UTF_8)).isEqualTo("""
                [{"Name":"network","Description":"permissions to access a network","Value":["host"]},\
                {"Name":"host ipc namespace","Description":"allow access to host ipc namespace","Value":["true"]},\
                {"Name":"host pid namespace","Description":"allow access to host pid namespace","Value":["true"]},\
                {"Name":"mount","Description":"host path to mount","Value":["/b"]},\
                {"Name":"mount","Description":"host path to mount","Value":["/a"]},\
                {"Name":"device","Description":"host device to access","Value":["/dev/fuse"]},\
                {"Name":"allow-all-devices","Description":"allow 'rwm' access to all devices","Value":["true"]},\
                {"Name":"capabilities","Description":"list of additional capabilities required",\
                "Value":["CAP_B","CAP_A"]}]""");
    }

    @Test
    void areNullWhenNothingIsAsked() {
        for (String network : List.of("", "null", "bridge")) {
            PluginConfig config = PluginJson
                    .config(("{\"network\":{\"type\":\"" + network + "\"}}").getBytes(UTF_8));
            assertThat(Privileges.of(config)).isEmpty();
        }
        assertThat(PluginJson.tree(List.<Privilege>of()).isNull()).isTrue();
    }

    @Test
    void matchWhateverTheirOrderAndDescription() {
        assertThat(Privileges.matches(List.of(), List.of())).isTrue();
        assertThat(Privileges.matches(List.of(ONE), List.of(new Privilege("mount", "", List.of("/a")))))
                .isTrue();
        assertThat(Privileges.matches(List.of(new Privilege("c", "", List.of("X", "Y"))),
                List.of(new Privilege("c", "", List.of("Y", "X"))))).isTrue();
    }

    @Test
    @DisplayName("D48: the first and the only entry count as well")
    void compareTheFirstEntryD48() {
        assertThat(Privileges.matches(List.of(ONE), List.of(TWO))).isFalse();
        assertThat(Privileges.matches(List.of(ONE, TWO), List.of(new Privilege("a", "", List.of()), TWO)))
                .isFalse();
        assertThat(Privileges.matches(List.of(ONE), List.of())).isFalse();
        assertThat(Privileges.matches(List.of(ONE), List.of(ONE, ONE))).isFalse();
        assertThat(Privileges.matches(List.of(ONE, ONE, TWO), List.of(ONE, TWO, TWO))).isFalse();
    }

    @Test
    @DisplayName("D48: entries of one name match in any order")
    void ignoreTheOrderOfEntriesWithOneNameD48() {
        assertThat(Privileges.matches(List.of(ONE, TWO), List.of(TWO, ONE))).isTrue();
    }
}
