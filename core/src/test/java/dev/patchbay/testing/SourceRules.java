package dev.patchbay.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** Rules for the source text of main code. Each answers what is wrong, sorted by nothing, empty if all is well. */
public final class SourceRules {
    private static final int FILE_LINES = 400;
    private static final int METHOD_LINES = 40;

    private SourceRules() {}

    /** The main sources of the module whose tests run. */
    public static Path mainSources() {
        return Path.of("src", "main", "java");
    }

    /** Packages without a {@code package-info.java} that says {@code @NullMarked}. */
    public static List<String> packagesWithoutNullMarked(Path root) throws IOException {
        var folders = new TreeSet<Path>();
        for (Path file : sources(root)) {
            folders.add(file.toAbsolutePath().getParent());
        }
        List<String> wrong = new ArrayList<>();
        for (Path folder : folders) {
            Path info = folder.resolve("package-info.java");
            if (!Files.exists(info) || !Files.readString(info).contains("\n@NullMarked\n")) {
                wrong.add(folder.toString());
            }
        }
        return wrong;
    }

    /** Files of 400 lines and more. */
    public static List<String> longFiles(Path root) throws IOException {
        List<String> wrong = new ArrayList<>();
        for (Path file : sources(root)) {
            int lines = Files.readAllLines(file).size();
            if (lines >= FILE_LINES) {
                wrong.add(file + " has " + lines + " lines");
            }
        }
        return wrong;
    }

    /** Methods and constructors of more than 40 lines, their comment not counted. */
    public static List<String> longMethods(Path root) throws IOException {
        var compiler = ToolProvider.getSystemJavaCompiler();
        List<String> wrong = new ArrayList<>();
        try (var files = compiler.getStandardFileManager(null, null, UTF_8)) {
            var task = (JavacTask) compiler.getTask(
                    null, files, _ -> {}, List.of("-proc:none"), null,
                    files.getJavaFileObjectsFromPaths(sources(root)));
            var positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                new MethodLength(unit, positions, wrong).scan(unit, null);
            }
        }
        return wrong;
    }

    private static List<Path> sources(Path root) throws IOException {
        try (var files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
        }
    }

    private static final class MethodLength extends TreeScanner<@Nullable Void, @Nullable Void> {
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final List<String> wrong;

        MethodLength(CompilationUnitTree unit, SourcePositions positions, List<String> wrong) {
            this.unit = unit;
            this.positions = positions;
            this.wrong = wrong;
        }

        @Override
        public @Nullable Void visitMethod(MethodTree method, @Nullable Void nothing) {
            long first = unit.getLineMap().getLineNumber(positions.getStartPosition(unit, method));
            long end = positions.getEndPosition(unit, method);
            long lines = end < 0 ? 0 : unit.getLineMap().getLineNumber(end) - first + 1;
            if (lines > METHOD_LINES) {
                wrong.add(unit.getSourceFile().getName() + ":" + first + " " + method.getName() + " has "
                        + lines
                        + " lines");
            }
            return super.visitMethod(method, null);
        }
    }
}
