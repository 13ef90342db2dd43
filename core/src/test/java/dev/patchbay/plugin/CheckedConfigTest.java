package dev.patchbay.plugin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckedConfigTest {

    private static final String DEVICES = "{'linux':{'devices':[";

    @Test
    void takesTheSmallestUsefulPlugin() {
        CheckedConfig checked = parse(
                "{'entrypoint':['/p'],'interface':{'types':['docker.dummy/1.0'],'socket':'p.sock'}}");
        assertThat(checked.warnings()).isEmpty();
    }

    @Test
    void takesWhatARealVolumePluginPublishes() {
        CheckedConfig checked = parse("""
                {'args':{'name':'args','settable':['value'],'value':[]},'description':'rclone','documentation':'https://x',
                 'entrypoint':['rclone','serve','docker'],'workdir':'/data','network':{'type':'host'},
                 'interface':{'socket':'rclone.sock','types':['docker.volumedriver/1.0']},
                 'env':[{'name':'RCLONE_VERBOSE','value':'0','settable':['value']}],
                 'mounts':[{'name':'config','description':'','source':'/var/lib/x','destination':'/data/config',
                            'type':'bind','options':['rbind'],'settable':['source']}],
                 'linux':{'capabilities':['CAP_SYS_ADMIN'],'devices':[{'path':'/dev/fuse'}]},
                 'propagatedMount':'/mnt','ipchost':false,'pidhost':false}""");
        assertThat(checked.warnings()).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
            "{} | entrypoint: must name the program to start",
            "{'entrypoint':['']} | entrypoint[0]: must name the program to start, but is empty",
            "{'entrypoint':['/p','a\\u0000']} | entrypoint[1]: contains a zero byte",
            "{'interface':{'types':['docker.x/1.0']}} | interface.socket: must be given, since interface.types says there"
                    + " is something to call",
            "{'interface':{'socket':'../x'}} | interface.socket: must be a plain file name",
            "{'interface':{'socket':'a/b'}} | interface.socket: must be a plain file name",
            "{'interface':{'socket':'..'}} | interface.socket: must be a plain file name",
            "{'interface':{'socket':'s','types':['docker./1.0']}} | interface.types[0]: must have the form"
                    + " prefix.capability/version",
            "{'interface':{'socket':'s','types':['','a b']}} | interface.types[1]: must have the form"
                    + " prefix.capability/version",
            "{'workdir':'x'} | workDir: must be an absolute path",
            "{'propagatedMount':'data'} | propagatedMount: must be an absolute path",
            "{'propagatedMount':'/a/../b'} | propagatedMount: must not contain \"..\"",
            "{'propagatedMount':'//'} | propagatedMount: must be a folder below the root",
            "{'linux':{'capabilities':['sys_admin']}} | linux.capabilities[0]: must have the form CAP_SYS_ADMIN",
            "{'env':[{'value':'x'}]} | env[0].name: must not be empty",
            "{'env':[{'name':'A=B'}]} | env[0].name: must not contain an equals sign",
            "{'env':[{'name':'A'},{'name':'A'}]} | env[1].name: the name \"A\" is used twice",
            "{'mounts':[{'source':'/s','type':'bind'}]} | mounts[0].destination: must be an absolute path",
            "{'mounts':[{'destination':'/d','type':'bind'}]} | mounts[0].source: must be given; a source that the user has"
                    + " to set is written as an empty string",
            "{'mounts':[{'destination':'/d','source':'x','options':['rbind']}]} | mounts[0].source: must be an absolute"
                    + " path",
            "{'mounts':[{'destination':'/d','source':'','type':'bind'}]} | mounts[0].source: must be an absolute path",
            "{'mounts':[{'destination':'/d','source':'x'}]} | mounts[0].type: must be given, since the options do not say"
                    + " bind",
            "{'linux':{'devices':[{'path':'fuse'}]}} | linux.devices[0].path: must be an absolute path",
            "{'linux':{'devices':[{'path':''}]}} | linux.devices[0].path: must be an absolute path"})
    void refusesWhatCouldNeverStart(String json, String problem) {
        assertThatThrownBy(() -> parse(json))
                .isInstanceOf(InvalidPluginConfigException.class)
                .satisfies(e -> assertThat(((InvalidPluginConfigException) e).problems())
                        .map(ConfigProblem::toString)
                        .contains(problem));
    }

    @Test
    @DisplayName("D61: a device without path is refused by name, not with a panic at enable")
    void refusesADeviceWithoutPathD61() {
        assertThatThrownBy(() -> parse(DEVICES + "{'path':null}]},'entrypoint':['/p']}"))
                .hasMessageStartingWith("linux.devices[0].path: must be given");
    }

    @Test
    @DisplayName("D67: every mistake is reported at once when the plugin is made")
    void reportsEveryMistakeAtOnceD67() {
        assertThatThrownBy(() -> parse("{'workdir':'x','env':[{'name':''}],'propagatedMount':'..'}"))
                .hasMessage("entrypoint: must name the program to start; workDir: must be an absolute path; "
                        + "propagatedMount: must be an absolute path; propagatedMount: must not contain \"..\"; "
                        + "env[0].name: must not be empty");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
            "'later':1 | later: is not known here: it is kept, but has no effect",
            "'mounts':[{'x':1,'destination':'/d','source':'s','type':'tmpfs'}] | mounts[0].x: is not known here: it is"
                    + " kept, but has no effect",
            "'network':{'type':'bridge'} | network.type: bridge gives a network namespace with only the loopback device;"
                    + " no bridge is attached",
            "'network':{'type':'none'} | network.type: none isolates the network, yet users must grant the network"
                    + " privilege; an empty type isolates without it",
            "'network':{'type':'lan'} | network.type: is not one of host, none, bridge and null: it isolates the network"
                    + " like none",
            "'linux':{'capabilities':['CAP_FUTURE']} | linux.capabilities[0]: is no capability that we know: runtimes"
                    + " leave it out",
            "'interface':{'socket':'s','protocolScheme':'x/v1'} | interface.protocolScheme: only moby.plugins.http/v1 is"
                    + " spoken here: the plugin will run, but nothing will call it",
            "'interface':{'socket':'s','types':['docker.networkdriver/2.0']} | interface.types[0]: Docker's interfaces"
                    + " have version 1.0: no subsystem will use this one",
            "'env':[{'name':'A','settable':['name']}] | env[0].settable[0]: only \"value\" can be set here: this one has"
                    + " no effect",
            "'env':[{'name':'A'}],'args':{'name':'A'} | the name \"A\" stands for two things: only the env can be set"})
    void onlyWarnsOfWhatRunsUnderDocker(String part, String warning) {
        CheckedConfig checked = parse("{'entrypoint':['/p']," + part + "}");
        assertThat(checked.warnings()).map(ConfigProblem::toString).containsExactly(warning);
    }

    @Test
    void letsTheUserFillInAnEmptySourceOrPath() {
        CheckedConfig checked = parse(
                """
                {'entrypoint':['/p'],'linux':{'devices':[{'name':'d','path':'','settable':['path']}]},
                 'mounts':[{'name':'m','source':'','destination':'/d','type':'bind','settable':['source']}]}""");
        assertThat(checked.warnings()).isEmpty();
    }

    @Test
    void takesTenThousandEntriesAndNoMore() {
        assertThat(parse(variables(10_000)).config().env().size()).isEqualTo(10_000);
        assertThatThrownBy(() -> parse(variables(10_001)))
                .hasMessage("env: has 10001 entries, more than the 10000 that are allowed");
    }

    @Test
    void doesNotRepeatValuesThatMayBeSecret() {
        assertThatThrownBy(
                () -> parse("{'env':[{'name':'A','value':'hush\\u0000'},{'name':'B','value':['hush']}]}"))
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("hush"));
    }

    private static String variables(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "{'name':'V" + i + "'}")
                .collect(Collectors.joining(",", "{'entrypoint':['/p'],'env':[", "]}"));
    }

    private static CheckedConfig parse(String json) {
        return CheckedConfig.parse(json.replace('\'', '"').getBytes(UTF_8));
    }
}
