package dev.patchbay.authz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.patchbay.PluginCallException;
import dev.patchbay.PluginCallException.Call;
import dev.patchbay.PluginException;
import dev.patchbay.PluginUnavailableException;
import dev.patchbay.authz.Verdict.Cure;
import dev.patchbay.authz.Verdict.Denied;
import dev.patchbay.authz.Verdict.Failed;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What answers, and failures to answer, mean. */
class AuthzRulesTest {
    private static final Call CALL = new Call("p:latest", "AuthZPlugin.AuthZReq");
    private static final String NO_SENSE = "AuthZPlugin.AuthZReq: the answer makes no sense: Allow is neither true nor"
            + " false";

    static Stream<Arguments> answers() {
        return Stream.of(
                arguments("yes", true, "", AuthzRules.ALLOWED),
                arguments("yes, with a message", true, "fine", AuthzRules.ALLOWED),
                arguments("no", false, "not you", new Denied("p", "not you")),
                arguments("nothing said is a no", null, "", new Denied("p", "")),
                arguments("a text is no yes", "true", "", new Failed("p", NO_SENSE, Cure.REPAIR)),
                arguments("a number is no yes", 1, "", new Failed("p", NO_SENSE, Cure.REPAIR)),
                arguments("a list is no yes", List.of(true), "", new Failed("p", NO_SENSE, Cure.REPAIR)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("answers")
    void takesOnlyAYesForAYes(String row, @Nullable Object allow, String message, Verdict expected) {
        assertThat(AuthzRules.judge("p", Phase.REQUEST, new AuthzAnswer(allow, message))).isEqualTo(expected);
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                arguments("refused", new PluginCallException.Refused(CALL, 500, "bad day", "bad day"),
                        "AuthZPlugin.AuthZReq: bad day", Cure.REPAIR, false),
                arguments("refused without a word",
                        new PluginCallException.Refused(CALL, 500, "", "status 500"),
                        "AuthZPlugin.AuthZReq: plugin p:latest refuses AuthZPlugin.AuthZReq: status 500",
                        Cure.REPAIR,
                        false),
                arguments("unreadable", new PluginCallException.Unreadable(CALL, "it is not HTTP", null),
                        "AuthZPlugin.AuthZReq: plugin p:latest answers AuthZPlugin.AuthZReq with what cannot be read:"
                                + " it is not HTTP",
                        Cure.REPAIR, false),
                arguments("too late", new PluginCallException.TimedOut(CALL, Duration.ofSeconds(10)),
                        "AuthZPlugin.AuthZReq: plugin p:latest did not answer AuthZPlugin.AuthZReq within 10 s",
                        Cure.REPAIR, true),
                arguments("too busy", new PluginCallException.TooMany(CALL, 32, "calls"),
                        "AuthZPlugin.AuthZReq: plugin p:latest is not asked for AuthZPlugin.AuthZReq: there are 32 calls"
                                + " already; try again in a moment",
                        Cure.TIME, true),
                arguments("restoring", new PluginUnavailableException("p", "plugin p is restoring"),
                        "AuthZPlugin.AuthZReq: plugin p is restoring", Cure.TIME, true));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("failures")
    void deniesWithoutAnAnswer(String row, PluginException failure, String reason, Cure cure,
            boolean silent) {
        assertThat(AuthzRules.judge("p", Phase.REQUEST, failure)).isEqualTo(new Failed("p", reason, cure));
        assertThat(AuthzRules.isSilence(failure)).isEqualTo(silent);
    }

    @Test
    @DisplayName("D75: an answer with Err is a denial, whatever it says besides")
    void deniesOnErrD75() {
        var err = new PluginCallException.Refused(CALL, 200, "database is gone", "database is gone");
        assertThat(AuthzRules.judge("p", Phase.RESPONSE, err)).isInstanceOfSatisfying(Failed.class,
                failed -> assertThat(failed.sentence())
                        .isEqualTo("plugin p failed with error: AuthZPlugin.AuthZRes: database is gone"));
    }

    @Test
    void saysWhoDeniesInDockersWords() {
        assertThat(new Denied("p:latest", "not you").sentence())
                .isEqualTo("authorization denied by plugin p:latest: not you");
    }

    @Test
    void cutsWordsWithoutEnd() {
        assertThat(AuthzRules.judge("p", Phase.REQUEST, new AuthzAnswer(false, "x".repeat(100_000))))
                .isEqualTo(new Denied("p", "x".repeat(8 << 10)));
    }
}
