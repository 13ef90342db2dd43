package dev.patchbay.web.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RegistriesJsonTest {
    @Test
    void saysWhatIsConfiguredInTheWordsOfInfo() {
        var registries = new EngineInfo.Registries(List.of("10.0.0.0/8", "registry.lan:5000"),
                List.of("https://mirror.example/hub"));
        assertThat(RegistriesJson.tree(registries).toString()).isEqualTo("{\"InsecureRegistryCIDRs\":"
                + "[\"10.0.0.0/8\",\"127.0.0.0/8\",\"::1/128\"],\"IndexConfigs\":{"
                + "\"docker.io\":{\"Name\":\"docker.io\",\"Mirrors\":[\"https://mirror.example/hub\"],"
                + "\"Secure\":true,\"Official\":true},"
                + "\"registry.lan:5000\":{\"Name\":\"registry.lan:5000\",\"Mirrors\":[],"
                + "\"Secure\":false,\"Official\":false}},\"Mirrors\":[\"https://mirror.example/hub\"]}");
    }
}
