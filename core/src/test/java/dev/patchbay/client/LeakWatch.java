package dev.patchbay.client;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.util.List;
import org.slf4j.LoggerFactory;

/** Netty's paranoid search for buffers that nobody released, from its beginning until it is closed. */
public final class LeakWatch implements AutoCloseable {
    private static final int ROUNDS = 5;

    private final ResourceLeakDetector.Level before = ResourceLeakDetector.getLevel();
    private final ListAppender<ILoggingEvent> reports = new ListAppender<>();

    private LeakWatch() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        reports.start();
        logger().addAppender(reports);
    }

    /** Begins to watch. */
    public static LeakWatch begin() {
        return new LeakWatch();
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger(ResourceLeakDetector.class);
    }

    /** What was forgotten so far. */
    public List<String> found() {
        for (int i = 0; i < ROUNDS; i++) {
            System.gc(); // what was forgotten is reported when the next buffer is made
            ByteBufAllocator.DEFAULT.heapBuffer(16).release();
            ByteBufAllocator.DEFAULT.directBuffer(16).release();
        }
        return reports.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Override
    public void close() {
        logger().detachAppender(reports);
        ResourceLeakDetector.setLevel(before);
    }
}
