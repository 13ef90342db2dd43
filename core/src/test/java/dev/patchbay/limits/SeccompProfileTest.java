package dev.patchbay.limits;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.patchbay.limits.SeccompHost.Kernel;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** System call profiles: all of one is honoured, or it is refused. */
class SeccompProfileTest {
    private static final SeccompHost PC = new SeccompHost("amd64", new Kernel(6, 1));

    private static SeccompProfile read(String json) {
        return SeccompProfile.read(json.getBytes(UTF_8));
    }

    private static String rule(String fields) {
        return "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{" + fields + "}]}";
    }

    @Test
    void passesOnAllThatAProfileSays() {
        ObjectNode tree = read("""
                {"defaultAction":"SCMP_ACT_ERRNO","defaultErrnoRet":38,"flags":["SECCOMP_FILTER_FLAG_LOG"],
                 "archMap":[{"architecture":"SCMP_ARCH_X86_64","subArchitectures":["SCMP_ARCH_X86","SCMP_ARCH_X32"]},
                            {"architecture":"SCMP_ARCH_AARCH64","subArchitectures":null}],
                 "syscalls":[{"names":["read","write"],"action":"SCMP_ACT_ALLOW","comment":"both","args":null},
                             {"name":"keyctl","action":"SCMP_ACT_ERRNO","errnoRet":13},
                             {"names":["personality"],"action":"SCMP_ACT_LOG","args":[
                              {"index":0,"value":18446744073709551615,"valueTwo":8,"op":"SCMP_CMP_MASKED_EQ"}]}]}
                """).tree(List.of(), PC);
        assertThat(tree.toString()).isEqualTo("{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":38,"
                + "\"architectures\":[\"SCMP_ARCH_X86_64\",\"SCMP_ARCH_X86\",\"SCMP_ARCH_X32\"],"
                + "\"flags\":[\"SECCOMP_FILTER_FLAG_LOG\"],\"syscalls\":["
                + "{\"names\":[\"read\",\"write\"],\"action\":\"SCMP_ACT_ALLOW\"},"
                + "{\"names\":[\"keyctl\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":13},"
                + "{\"names\":[\"personality\"],\"action\":\"SCMP_ACT_LOG\",\"args\":[{\"index\":0,"
                + "\"value\":18446744073709551615,\"valueTwo\":8,\"op\":\"SCMP_CMP_MASKED_EQ\"}]}]}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "includes":{"caps":["CAP_A","CAP_B"]}        | CAP_A,CAP_B | true
            "includes":{"caps":["CAP_A","CAP_B"]}        | CAP_A       | false
            "excludes":{"caps":["CAP_A","CAP_B"]}        | CAP_B       | false
            "excludes":{"caps":["CAP_A","CAP_B"]}        | CAP_C       | true
            "includes":{"arches":["arm64","amd64"]}      | CAP_A       | true
            "includes":{"arches":["arm64"]}              | CAP_A       | false
            "excludes":{"arches":["amd64"]}              | CAP_A       | false
            "excludes":{"arches":["s390x"]}              | CAP_A       | true
            "includes":{"minKernel":"6.1"}               | CAP_A       | true
            "includes":{"minKernel":"6.2"}               | CAP_A       | false
            "includes":{"minKernel":"4.8"}               | CAP_A       | true
            "includes":{"minKernel":"10.0"}              | CAP_A       | false
            "excludes":{"minKernel":"4.8"}               | CAP_A       | false
            "excludes":{"minKernel":"6.2"}               | CAP_A       | true
            "includes":{"minKernel":""},"excludes":null  | CAP_A       | true
            """)
    void aRuleCountsWhereItsConditionsHold(String condition, String capabilities, boolean counts) {
        String json = rule("\"names\":[\"bpf\"],\"action\":\"SCMP_ACT_ALLOW\"," + condition);
        JsonNode calls = read(json).tree(List.of(capabilities.split(",")), PC).path("syscalls");
        assertThat(calls.size()).isEqualTo(counts ? 1 : 0);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {                                                            | it is not JSON
            []                                                           | it must be an object
            {}                                                           | defaultAction is "", which is not known
            {"defaultAction":"SCMP_ACT_DENY"}                            | "SCMP_ACT_DENY", which is not known
            {"defaultAction":"SCMP_ACT_NOTIFY"}                          | nobody here listens to
            {"defaultAction":"SCMP_ACT_ALLOW","listenerPath":"/x"}       | has "listenerPath", which cannot be honoured
            {"defaultAction":"SCMP_ACT_ALLOW","listenerMetadata":"x"}    | has "listenerMetadata", which cannot be honoured
            {"defaultAction":"SCMP_ACT_ALLOW","defaultErrno":"EPERM"}    | has "defaultErrno", which cannot be honoured
            {"defaultAction":"SCMP_ACT_ALLOW","defaultErrnoRet":1}       | defaultErrnoRet means nothing with SCMP_ACT_ALLOW
            {"defaultAction":"SCMP_ACT_ERRNO","defaultErrnoRet":4096}    | from 0 to 4095
            {"defaultAction":"SCMP_ACT_ERRNO","defaultErrnoRet":-1}      | from 0 to 4095
            {"defaultAction":"SCMP_ACT_ALLOW","flags":["SECCOMP_X"]}     | flags has SECCOMP_X, which is not known
            {"defaultAction":"SCMP_ACT_ALLOW","flags":"x"}               | flags must be a list
            {"defaultAction":"SCMP_ACT_ALLOW","architectures":["x86"]}   | something like SCMP_ARCH_
            {"defaultAction":"SCMP_ACT_ALLOW","architectures":["SCMP_ARCH_X86"],"archMap":[{"architecture":"SCMP_ARCH_X86"}]} | both architectures and archMap
            {"defaultAction":"SCMP_ACT_ALLOW","archMap":[{"architecture":"SCMP_ARCH_X86","sub":[]}]} | archMap has "sub"
            {"defaultAction":"SCMP_ACT_ALLOW","defaultAction":"SCMP_ACT_ALLOW"} | it is not JSON
            {"defaultAction":"SCMP_ACT_ALLOW"} {}                        | it is not JSON
            """)
    void refusesAProfileThatCannotBeHonoured(String json, String message) {
        assertThatIllegalArgumentException().isThrownBy(() -> read(json))
                .withMessageContaining("the seccomp profile cannot be used: ")
                .withMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "action":"SCMP_ACT_ALLOW"                                              | must have names
            "names":["a"],"name":"a","action":"SCMP_ACT_ALLOW"                     | must have names, or else a name
            "names":["Read"],"action":"SCMP_ACT_ALLOW"                             | syscalls[0].names has "Read"
            "names":[1],"action":"SCMP_ACT_ALLOW"                                  | syscalls[0].names has no text
            "names":["a"],"action":"SCMP_ACT_ALLOW","errno":"EPERM"                | has "errno", which cannot be honoured
            "names":["a"],"action":"SCMP_ACT_ALLOW","errnoRet":1                   | errnoRet means nothing
            "names":["a"]                                                          | syscalls[0].action is ""
            "names":["a"],"action":"SCMP_ACT_NOTIFY"                               | nobody here listens to
            "names":["a"],"action":"SCMP_ACT_ALLOW","comment":1                    | comment must be a text
            "names":["a"],"action":"SCMP_ACT_ALLOW","args":[{"index":6,"value":1,"op":"SCMP_CMP_EQ"}] | from 0 to 5
            "names":["a"],"action":"SCMP_ACT_ALLOW","args":[{"index":0,"op":"SCMP_CMP_EQ"}] | args[0].value must be
            "names":["a"],"action":"SCMP_ACT_ALLOW","args":[{"index":0,"value":18446744073709551616,"op":"SCMP_CMP_EQ"}] | args[0].value must be
            "names":["a"],"action":"SCMP_ACT_ALLOW","args":[{"index":0,"value":1,"op":"=="}] | op is "==", which is not known
            "names":["a"],"action":"SCMP_ACT_ALLOW","args":[{"index":0,"value":1,"op":"SCMP_CMP_EQ","mask":1}] | has "mask"
            "names":["a"],"action":"SCMP_ACT_ALLOW","includes":{"capabilities":["CAP_A"]} | has "capabilities"
            "names":["a"],"action":"SCMP_ACT_ALLOW","includes":{"minKernel":"6"}   | syscalls[0].includes.minKernel has "6"
            "names":["a"],"action":"SCMP_ACT_ALLOW","includes":{"caps":["SYS_ADMIN"]} | something like CAP_
            "names":["a"],"action":"SCMP_ACT_ALLOW","includes":[]                  | includes must be an object
            """)
    void refusesARuleThatCannotBeHonoured(String fields, String message) {
        assertThatIllegalArgumentException().isThrownBy(() -> read(rule(fields)))
                .withMessageContaining(message);
    }

    @Test
    void refusesAProfileThatIsTooLarge() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SeccompProfile.read(new byte[SeccompProfile.MAX_BYTES + 1]))
                .withMessageContaining("larger than 262144 bytes");
    }

    private static Set<String> allowed(String... capabilities) {
        var names = new TreeSet<String>();
        SeccompProfile.builtin()
                .tree(Set.of(capabilities), PC)
                .path("syscalls")
                .forEach(rule -> {
                    if (rule.path("action").stringValue().equals("SCMP_ACT_ALLOW")) {
                        rule.path("names").forEach(name -> names.add(name.stringValue()));
                    }
                });
        return names;
    }

    @Test
    void theBuiltinProfileIsDockersWithWhatCapabilitiesAreGoodFor() {
        assertThat(allowed()).contains("read", "execve", "socket", "clone", "arch_prctl", "ptrace")
                .doesNotContain("keyctl", "mount", "unshare", "clone3", "reboot", "bpf", "init_module",
                        "kexec_load",
                        "add_key", "request_key", "userfaultfd", "s390_runtime_instr");
        assertThat(allowed("CAP_SYS_ADMIN"))
                .contains("mount", "unshare", "clone3", "bpf", "setns", "perf_event_open")
                .doesNotContain("reboot", "keyctl");
        assertThat(allowed("CAP_BPF")).contains("bpf").doesNotContain("mount");
        assertThat(allowed("CAP_SYS_MODULE", "CAP_SYS_BOOT")).contains("init_module", "finit_module",
                "reboot");
        JsonNode tree = SeccompProfile.builtin().tree(List.of(), PC);
        assertThat(tree.path("defaultAction").stringValue()).isEqualTo("SCMP_ACT_ERRNO");
        assertThat(tree.path("defaultErrnoRet").intValue()).isEqualTo(1);
        assertThat(tree.path("architectures").toString())
                .isEqualTo("[\"SCMP_ARCH_X86_64\",\"SCMP_ARCH_X86\",\"SCMP_ARCH_X32\"]");
        assertThat(tree.path("syscalls").valueStream().filter(rule -> rule.toString().contains("\"clone3\"")))
                .singleElement()
                .satisfies(rule -> assertThat(rule.path("errnoRet").intValue()).isEqualTo(38));
        assertThat(SeccompProfile.builtin().rules().getFirst().names()).hasSize(361);
        assertThat(SeccompProfile.builtin().rules()).hasSize(33);
    }

    @ParameterizedTest
    @CsvSource({"6.18.0-rc3, 6, 18", "4.8, 4, 8", "5.10.0-33-amd64, 5, 10", "3.12-1-amd64, 3, 12"})
    void readsTheKernelsVersion(String release, int version, int revision) {
        assertThat(Kernel.ofRelease(release + "\n")).contains(new Kernel(version, revision));
        assertThat(Kernel.ofRelease("six")).isEmpty();
    }
}
