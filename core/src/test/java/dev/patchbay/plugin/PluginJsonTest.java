package dev.patchbay.plugin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PluginJsonTest {

    private static final String ID = "ab".repeat(32);

    private static final String CONFIG = """
            {"Args":{"Description":"","Name":"","Settable":null,"Value":null},"Description":"","Documentation":"",\
            "Entrypoint":["/bin/p"],"Env":[{"Description":"","Name":"DEBUG","Settable":["value"],"Value":"0"}],\
            "Interface":{"Socket":"p.sock","Types":["docker.volumedriver/1.0"]},"IpcHost":false,\
            "Linux":{"AllowAllDevices":false,"Capabilities":["CAP_SYS_ADMIN"],\
            "Devices":[{"Description":"","Name":"d","Path":"/dev/fuse","Settable":null}]},\
            "Mounts":[{"Description":"","Destination":"/x","Name":"m","Options":["rbind"],"Settable":["source"],\
            "Source":"/tmp","Type":"bind"}],"Network":{"Type":"host"},"PidHost":false,"PropagatedMount":"/data",\
            "User":{},"WorkDir":"","rootfs":{"diff_ids":["sha256:%s"],"type":"layers"}}""".formatted(ID);

    private static final String PLUGIN = "{\"Config\":" + CONFIG + ",\"Enabled\":false,\"Id\":\"" + ID
            + "\",\"Name\":\"vieux/sshfs:latest\",\"PluginReference\":\"docker.io/vieux/sshfs:latest\","
            + "\"Settings\":{\"Args\":[],\"Devices\":[],\"Env\":[\"DEBUG=0\"],\"Mounts\":[]}}";

    private static final String EMPTY_CONFIG = """
            {"Args":{"Description":"","Name":"","Settable":null,"Value":null},"Description":"","Documentation":"",\
            "Entrypoint":null,"Env":null,"Interface":{"Socket":"","Types":null},"IpcHost":false,\
            "Linux":{"AllowAllDevices":false,"Capabilities":null,"Devices":null},"Mounts":null,"Network":{"Type":""},\
            "PidHost":false,"PropagatedMount":"","User":{},"WorkDir":""}""";

    @Test
    void writesABlobAsItReadIt() {
        assertThat(rewritten(CONFIG)).isEqualTo(CONFIG + "\n");
    }

    @Test
    void writesARecordAsItReadIt() {
        String record = "{\"plugin\":" + PLUGIN + ",\"Rootfs\":\"/r\",\"Config\":\"sha256:" + ID
                + "\",\"Blobsums\":[\"sha256:" + ID + "\"],\"Manifest\":\"\",\"SwarmServiceID\":\"\"}";
        PluginRecord read = PluginJson.record(record.getBytes(UTF_8));
        assertThat(new String(PluginJson.record(read), UTF_8)).isEqualTo(record);
        assertThat(read.plugin().name()).hasToString("vieux/sshfs:latest");
        assertThat(read.manifest()).isEmpty();
        String withoutBlobs = record.replace("[\"sha256:" + ID + "\"],\"Manifest\"", "null,\"Manifest\"");
        PluginRecord second = PluginJson.record(withoutBlobs.getBytes(UTF_8));
        assertThat(new String(PluginJson.record(second), UTF_8)).isEqualTo(withoutBlobs);
    }

    @Test
    void readsRecordKeysInAnyCase() {
        String record = "{\"PLUGIN\":" + PLUGIN + ",\"rootFS\":\"/r\",\"config\":\"\",\"later\":1}";
        assertThat(PluginJson.record(record.getBytes(UTF_8)).rootfs()).isEqualTo("/r");
    }

    @Test
    void takesForNoOtherCaseWhatGoDoesNot() {
        PluginConfig config = read(
                "{\"description\":\"real\",\"descr\u0131pt\u0130on\":\"other\",\"DE\u017fCRIPTION\":\"last\"}");
        assertThat(config.description()).isEqualTo("last");
        assertThat(read("{\"descr\u0131ption\":\"other\"}").description()).isEmpty();
    }

    @Test
    void namesWhatIsWrongWithARecord() {
        assertThatThrownBy(
                () -> PluginJson.record("{\"plugin\":{\"Id\":\"x\",\"Name\":\"y\"}}".getBytes(UTF_8)))
                .isInstanceOf(InvalidPluginConfigException.class)
                .hasMessage("plugin.Id: a plugin id has 64 lower-case hexadecimal digits");
    }

    @Test
    void escapesHtmlInBlobsAndNotInAnswers() {
        PluginConfig config = read("{\"description\":\"<a&b>\\u2028\\u0001\\b é 😀\"}");
        assertThat(new String(PluginJson.blob(config), UTF_8))
                .contains("\"Description\":\"\\u003ca\\u0026b\\u003e\\u2028\\u0001\\b é 😀\"");
        assertThat(new String(GoJson.PLAIN.write(PluginJson.tree(config)), UTF_8))
                .contains("\"Description\":\"<a&b>\\u2028\\u0001\\b é 😀\"");
        assertThat(rewritten("{\"description\":\"\\u001f\"}")).contains("\\u001f");
        assertThat(rewritten("{\"description\":\"\\ud800x\"}")).contains("\"\ufffdx\"");
    }

    @Test
    void keepsAbsentAndEmptyListsApart() {
        assertThat(rewritten("{}")).isEqualTo(EMPTY_CONFIG + "\n");
        assertThat(rewritten("{\"env\":[],\"mounts\":null}"))
                .isEqualTo(EMPTY_CONFIG.replace("\"Env\":null", "\"Env\":[]") + "\n");
    }

    @Test
    void keepsAbsentAndEmptyValuesApart() {
        PluginConfig config = read("{\"env\":[{\"name\":\"A\"},{\"name\":\"B\",\"value\":\"\"}]}");
        assertThat(config.env().items().get(0).value()).isEmpty();
        assertThat(config.env().items().get(1).value()).isEqualTo(Optional.of(""));
    }

    @Test
    void readsKeysInAnyCaseAndTheLastOfSeveral() {
        PluginConfig config = read("""
                {"DESCRIPTION":"a","description":"b","WorkDir":"/1","workdir":"/2","ipchost":true,
                 "propagatedmount":"/p","user":{"UID":7,"gid":8},"description":"c"}""");
        assertThat(config.description()).isEqualTo("c");
        assertThat(config.workDir()).isEqualTo("/2");
        assertThat(config.ipcHost()).isTrue();
        assertThat(config.propagatedMount()).isEqualTo("/p");
        assertThat(config.user().uid()).isEqualTo(7);
        assertThat(rewritten("{\"user\":{\"uid\":7,\"gid\":8}}")).contains("\"User\":{\"GID\":8,\"UID\":7}");
    }

    @Test
    void keepsUnknownKeysAfterTheKnownOnes() {
        String text = rewritten(
                "{\"x-later\":{\"a\":[1.50,\"<\"]},\"network\":{\"mtu\":9,\"type\":\"host\"}}");
        assertThat(text).contains("\"Network\":{\"Type\":\"host\",\"mtu\":9}")
                .endsWith("\"WorkDir\":\"\",\"x-later\":{\"a\":[1.50,\"\\u003c\"]}}\n");
        assertThat(rewritten(text)).isEqualTo(text);
    }

    @Test
    void writesDockerVersionOnlyIfThereIsOne() {
        assertThat(rewritten("{\"DockerVersion\":\"28.0.4\"}"))
                .contains("\"Description\":\"\",\"DockerVersion\":\"28.0.4\",\"Documentation\":\"\"");
    }

    @Test
    void namesPathExpectedAndFoundForEveryWrongType() {
        assertThatThrownBy(() -> read("""
                {"env":[{"name":"A"},{"name":3}],"linux":{"devices":[{"path":{}}],"capabilities":"X"},
                 "ipchost":"yes","user":{"uid":-1}}"""))
                .isInstanceOf(InvalidPluginConfigException.class)
                .hasMessage("env[1].name: expected a string but found a number; "
                        + "ipcHost: expected true or false but found a string; "
                        + "linux.capabilities: expected a list but found a string; "
                        + "linux.devices[0].path: expected a string but found an object; "
                        + "user.uid: must be a whole number from 0 to 4294967295");
        assertThatThrownBy(() -> read("[]")).hasMessage("expected an object but found a list");
    }

    @Test
    void countsTheProblemsItDoesNotShow() {
        assertThatThrownBy(() -> read("{\"entrypoint\":[1,2,3,4,5,6,7]}"))
                .hasMessageEndingWith("; and 2 more");
    }

    @Test
    void keepsABoundedNumberOfProblems() {
        String nonsense = "{\"entrypoint\":[0" + ",0".repeat(100_000) + "]}";
        assertThatThrownBy(() -> read(nonsense))
                .satisfies(e -> assertThat(((InvalidPluginConfigException) e).problems()).hasSize(1000));
    }

    @Test
    void refusesWhatIsNoJson() {
        assertThatThrownBy(() -> read("{} {}")).hasMessageStartingWith("not valid JSON at line 1");
        assertThatThrownBy(() -> read("{\"a\":")).hasMessageStartingWith("not valid JSON at line 1");
        assertThatThrownBy(() -> read("")).isInstanceOf(InvalidPluginConfigException.class);
        assertThatThrownBy(() -> read("[".repeat(100_000))).isInstanceOf(InvalidPluginConfigException.class);
        assertThatThrownBy(() -> PluginJson.config(new byte[PluginJson.MAX_BYTES + 1]))
                .hasMessageContaining("4194304 bytes");
    }

    @Test
    @DisplayName("D78: interface types keep their letters, whatever part is missing")
    void keepsTheLettersOfPartialTypesD78() {
        assertThat(rewritten("{\"interface\":{\"types\":[\"volumedriver\",\"docker.authz\",\"a.b.c/1/2\"]}}"))
                .contains("\"Types\":[\".volumedriver/\",\"docker.authz/\",\"a.b.c/1/2\"]");
    }

    private static PluginConfig read(String json) {
        return PluginJson.config(json.getBytes(UTF_8));
    }

    private static String rewritten(String json) {
        return new String(PluginJson.blob(read(json)), UTF_8);
    }
}
