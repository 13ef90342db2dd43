package dev.patchbay.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;
import reactor.test.StepVerifier;

/** What nobody reads is let go of all the same. */
@Timeout(60)
class LeakedBuffersTest {
    private static final String DETECTOR = ResourceLeakDetector.class.getName();

    private final ResourceLeakDetector.Level before = ResourceLeakDetector.getLevel();
    private final ListAppender<ILoggingEvent> reports = new ListAppender<>();

    @BeforeEach
    void watch() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        reports.start();
        logger().addAppender(reports);
    }

    @AfterEach
    void stop() {
        logger().detachAppender(reports);
        ResourceLeakDetector.setLevel(before);
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger(DETECTOR);
    }

    @Test
    void holdsNoBufferOfWhatItDidNotRead() throws InterruptedException {
        var world = new RegistryWorld();
        try {
            for (Fault fault : List.of(Fault.closeAfter(5), Fault.stallAfter(5), Fault.endlessBody(),
                    Fault.redirect("/v2/some/plugin/manifests/1.0"), Fault.status(416), Fault.status(500),
                    Fault.reply(right -> right.with(Arrays.copyOf(right.body(), 10))),
                    Fault.reply(right -> right.with(Arrays.copyOf(right.body(), 100_000))))) {
                world.server.behave();
                world.server.fail("GET .*blobs", fault);
                var _ = catchThrowable(() -> world.fetch(world.repository()));
                world.server.fail("GET .*blobs", fault);
                StepVerifier.create(world.repository().blob(world.blob), 0).thenCancel().verify();
            }
        } finally {
            world.close();
        }
        for (int i = 0; i < 5; i++) {
            System.gc(); // what was forgotten is reported when the next buffer is made
            ByteBufAllocator.DEFAULT.heapBuffer(16).release();
            ByteBufAllocator.DEFAULT.directBuffer(16).release();
        }
        assertThat(reports.list).extracting(ILoggingEvent::getFormattedMessage).isEmpty();
    }
}
