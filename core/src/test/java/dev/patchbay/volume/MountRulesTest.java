package dev.patchbay.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.patchbay.use.Holders;
import dev.patchbay.volume.Mount.Step;
import dev.patchbay.volume.MountRules.Next;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MountRulesTest {
    private static final Start START = new Start("aa", 3, "boot");

    static Stream<Arguments> rows() {
        var gone = new Seen.Gone();
        var away = new Seen.Away();
        var same = new Seen.Runs(START, Holders.NONE);
        var later = new Seen.Runs(new Start("aa", 4, "boot"), Holders.NONE);
        var rebooted = new Seen.Runs(new Start("aa", 3, "other boot"), Holders.NONE);
        var replaced = new Seen.Runs(new Start("bb", 3, "boot"), Holders.NONE);
        return Stream.of(
                arguments("a mount that is there is left alone", Step.MOUNTED, same, Next.NOTHING),
                arguments("one of an earlier start is made again", Step.MOUNTED, later, Next.MOUNT),
                arguments("so is one of an earlier start of the machine, though the number is the same",
                        Step.MOUNTED, rebooted, Next.MOUNT),
                arguments("so is one of a plugin that has another one's place", Step.MOUNTED, replaced,
                        Next.MOUNT),
                arguments("a plugin that does not run now may be taken over with its mounts", Step.MOUNTED,
                        away,
                        Next.NOTHING),
                arguments("what is left of a plugin that is off is forgotten", Step.MOUNTED, gone,
                        Next.FORGET),
                arguments("what nobody heard of is taken back", Step.ASKED, same, Next.UNMOUNT),
                arguments("unless it ended with its start", Step.ASKED, later, Next.FORGET),
                arguments("and that cannot be told now", Step.ASKED, away, Next.NOTHING),
                arguments("what nobody wants is told so again", Step.LEAVING, same, Next.UNMOUNT),
                arguments("unless it ended with its start", Step.LEAVING, rebooted, Next.FORGET),
                arguments("nor is anything done about it now", Step.LEAVING, away, Next.NOTHING),
                arguments("and it is forgotten with its plugin", Step.LEAVING, gone, Next.FORGET));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void decides(String row, Step step, Seen plugin, Next expected) {
        assertThat(MountRules.next(new Mount("a", step, START, "/m", "/p"), plugin)).as(row)
                .isEqualTo(expected);
    }
}
