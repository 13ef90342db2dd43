package dev.patchbay.executor;

/** What an executor found of a plugin that an earlier process had started. */
public sealed interface TakeOver {
    /**
     * Its process runs, and is from now on as if this executor had started it.
     *
     * @param container with the generation that it was started as
     * @param asWanted whether its bundle is what a start would make now; if not, it should be stopped and started again
     */
    record Running(RunningContainer container, boolean asWanted) implements TakeOver {}

    /**
     * Its process has ended since; told here and not in {@link RuntimeExecutor#exits}. What is left of the container stays
     * until it is deleted or started again.
     */
    record Ended(ExitSignal exit) implements TakeOver {}

    /**
     * No process of it ever ran, or none that anybody can tell of: the machine was started anew, or the earlier process
     * died in the middle of a start. What is left stays until it is deleted or started again.
     *
     * @param generation the latest start of which a trace is left, 0 if there is none
     */
    record Nothing(int generation) implements TakeOver {}
}
