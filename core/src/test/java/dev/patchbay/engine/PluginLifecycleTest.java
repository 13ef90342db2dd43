package dev.patchbay.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.engine.Command.Asked;
import dev.patchbay.engine.Decision.Accepted;
import dev.patchbay.engine.Decision.Asker;
import dev.patchbay.engine.Effect.StartContainer;
import dev.patchbay.engine.Effect.StopContainer;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules as a table: every state, every command, stale news and both kinds of force included. */
class PluginLifecycleTest {

    static Stream<Row> rows() {
        return Stream
                .of(RestingTables.rows(), PassingTables.rows(), RestoringTable.rows(), VersionTables.rows(),
                        UseTables.rows())
                .flatMap(rows -> rows);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void decides(Row row) {
        assertThat(PluginLifecycle.decide(row.state(), row.command())).isEqualTo(row.expected());
    }

    @Test
    void theTableHasEveryStateAndEveryCommand() {
        assertThat(classes(rows().map(Row::state))).isEqualTo(leaves(PluginState.class));
        assertThat(classes(rows().map(Row::command))).isEqualTo(leaves(Command.class));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void onlyWhoAskedIsRefusedWaitsOrIsParked(Row row) {
        if (row.command() instanceof Asked) {
            assertThat(PluginLifecycle.decide(row.state(), row.command())).isNotEqualTo(Decision.IGNORED);
            return;
        }
        var decision = PluginLifecycle.decide(row.state(), row.command());
        assertThat(decision).isInstanceOfAny(Decision.Ignored.class, Accepted.class);
        if (decision instanceof Accepted accepted) {
            assertThat(accepted.asker()).isEqualTo(Asker.NONE);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void anAskThatIsAcceptedIsAnsweredOrParked(Row row) {
        var decision = PluginLifecycle.decide(row.state(), row.command());
        if (row.command() instanceof Asked && decision instanceof Accepted accepted) {
            assertThat(accepted.asker()).isNotEqualTo(Asker.NONE);
        }
    }

    /** In BackingOff there may be what is left of a container: the next start removes it, and so does a stop. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void startsOnlyWhereThereIsNoContainerAndStopsOnlyWhereThereIsOne(Row row) {
        boolean container = switch (row.state()) {
            case PluginState.Starting _,PluginState.Running _,PluginState.Ending _,PluginState.Stuck _ ->
                true;
            case PluginState.Restoring _,PluginState.Stopped _,PluginState.BackingOff _,PluginState.Removing _,PluginState.Left _ ->
                false;
        };
        boolean remains = row.state() instanceof PluginState.BackingOff
                || row.state() instanceof PluginState.Restoring;
        boolean restoring = row.state() instanceof PluginState.Restoring;
        int generation = row.command() instanceof Command.ContainerFound found
                ? Math.max(row.state().life().generation(), RestoringRules.generation(found.what()))
                : row.state().life().generation();
        Command told = row.command() instanceof Command.NotStored(_, Command attempted, _)
                ? attempted
                : row.command();
        boolean news = told instanceof Command.ContainerStopped
                || told instanceof Command.ContainerNotStopped;
        for (Effect effect : effects(PluginLifecycle.decide(row.state(), row.command()))) {
            switch (effect) {
                case StartContainer start -> {
                    assertThat(container && !news).isFalse();
                    assertThat(start.generation()).isEqualTo(generation + 1);
                }
                case StopContainer stop -> {
                    assertThat(container || remains).isTrue();
                    assertThat(stop.generation()).isEqualTo(generation);
                }
                case Effect.StopFound _ ->
                    assertThat(restoring || row.command() instanceof Command.LeftOver).isTrue();
                case Effect.FindContainer _,Effect.Dial _ -> assertThat(restoring).isTrue();
                case Effect.Purge _,Effect.SetTimer _ -> {
                }
            }
        }
    }

    private static List<Effect> effects(Decision decision) {
        return decision instanceof Accepted accepted ? accepted.effects() : List.of();
    }

    private static Set<Class<?>> classes(Stream<?> values) {
        return values.map(Object::getClass).collect(Collectors.toSet());
    }

    static Set<Class<?>> leaves(Class<?> sealed) {
        return sealed.isSealed()
                ? Arrays.stream(sealed.getPermittedSubclasses())
                        .flatMap(type -> leaves(type).stream())
                        .collect(Collectors.toSet())
                : Set.of(sealed);
    }
}
