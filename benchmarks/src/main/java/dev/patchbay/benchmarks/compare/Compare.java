package dev.patchbay.benchmarks.compare;

import dev.patchbay.benchmarks.report.ResultsFile;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/**
 * Says what changed between two results.
 *
 * <pre>{@code java ... dev.patchbay.benchmarks.compare.Compare A.json B.json}</pre>
 */
public final class Compare {
    private static final int WRONG_INPUT = 2;

    private Compare() {}

    /** Compares; ends with 2, and a sentence, if there are no two results to compare. */
    @SuppressWarnings("SystemOut") // a program for people
    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments), System.out, System.err));
    }

    /** Compares; returns the exit code. */
    static int run(List<String> arguments, PrintStream out, PrintStream errors) {
        if (arguments.size() != 2 || arguments.stream().anyMatch(String::isBlank)) {
            errors.println(
                    "two files with results are compared, A and B: make bench-compare A=a.json B=b.json");
            return WRONG_INPUT;
        }
        try {
            var first = ResultsFile.read(Path.of(arguments.getFirst()));
            var second = ResultsFile.read(Path.of(arguments.getLast()));
            out.println("A: " + arguments.getFirst() + ", of " + first.time().ended());
            out.println("B: " + arguments.getLast() + ", of " + second.time().ended() + "\n");
            out.println(Comparison.of(first, second));
            return 0;
        } catch (IOException e) {
            errors.println(e.getMessage());
            return WRONG_INPUT;
        } catch (InvalidPathException e) {
            errors.println(e.getInput() + " is no path: " + e.getReason());
            return WRONG_INPUT;
        }
    }
}
