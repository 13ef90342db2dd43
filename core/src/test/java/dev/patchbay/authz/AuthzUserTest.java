package dev.patchbay.authz;

import static org.assertj.core.api.Assertions.assertThat;

import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuthzUserTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|',
            value = {"CN=alice | alice", "O=o, CN=alice, C=US | alice", "CN=alice+C=US | alice",
                    "C=US+CN=alice | alice", "CN=first, CN=second | first", "O=o | ''", "CN=#04020102 | ''"})
    void isTheCommonNameWhateverStandsBesideIt(String subject, String name) {
        assertThat(AuthzUser.commonName(new X500Principal(subject))).isEqualTo(name);
    }
}
