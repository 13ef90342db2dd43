package dev.patchbay;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.NodeList;

/** What comes with the modules that hosts embed. */
class DependenciesTest {
    private static final String SHIPPED = "/project/dependencies/dependency[not(scope='test')]/artifactId/text()";

    private static Set<String> libraries(Path pom) throws Exception {
        var document = DocumentBuilderFactory.newDefaultInstance()
                .newDocumentBuilder()
                .parse(pom.toFile());
        var found = (NodeList) XPathFactory.newDefaultInstance()
                .newXPath()
                .evaluate(SHIPPED, document, XPathConstants.NODESET);
        var names = new TreeSet<String>();
        for (int i = 0; i < found.getLength(); i++) {
            names.add(found.item(i).getNodeValue().strip());
        }
        return names;
    }

    @Test
    void theDocumentationSaysOfEachLibraryWhatItIsFor() throws Exception {
        String documentation = Files.readString(Path.of("README.md"));
        assertThat(libraries(Path.of("pom.xml"))).contains("reactor-core")
                .allSatisfy(library -> assertThat(documentation)
                        .containsPattern(
                                "(?m)^\\| [^|]*`" + library + "`[^|]*\\| [0-9,]+ \\| [^|]+ \\| [^|]+ \\|$"
                                        + "|`" + library + "` \\([0-9]+\\)"));
    }

    @Test
    void theExecutorAddsNone() throws Exception {
        assertThat(libraries(Path.of("..", "executor-runc", "pom.xml"))).containsOnly("patchbay-core");
    }
}
