package dev.patchbay.web.feed;

import dev.patchbay.Plugins;
import dev.patchbay.event.EventFilter;
import dev.patchbay.event.EventLog;
import io.netty.channel.EventLoop;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import reactor.core.Disposable;
import reactor.core.Disposables;

/** The feeds of one event loop, to which all of it belongs: a {@link Topic} per distinct filter. */
final class LoopHub {
    private final Plugins plugins;
    private final EventLoop loop;
    private final Map<EventFilter, Topic> topics = new HashMap<>();
    private final Disposable.Swap epochs = Disposables.swap();
    private volatile int feeds; // written on the event loop

    LoopHub(Plugins plugins, EventLoop loop) {
        this.plugins = plugins;
        this.loop = loop;
    }

    Feed open(Wish wish, Outlet outlet) {
        EventLog log = plugins.eventLog();
        if (topics.isEmpty()) {
            epochs.update(log.epochs().subscribe(_ -> run(this::epochBegan), this::broken));
        }
        Topic topic = topics.get(wish.filter());
        boolean isNew = topic == null;
        if (topic == null) {
            topic = new Topic(log, wish.filter(), this);
            topics.put(wish.filter(), topic);
        }
        var feed = new Feed(plugins, topic, wish, outlet);
        topic.enter(feed);
        count(1);
        if (isNew) {
            topic.listen(); // before the feed looks where it begins: nothing happens unseen between the two
        }
        feed.begin();
        return feed;
    }

    /** Takes a feed out, and its topic with the last one. */
    void close(Topic topic, Feed feed) {
        count(-1);
        if (topic.leave(feed)) {
            topics.remove(topic.filter());
            if (topics.isEmpty()) {
                epochs.update(Disposables.disposed());
            }
        }
    }

    int feeds() {
        return feeds;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    private void count(int more) {
        feeds += more;
    }

    private void epochBegan() {
        List.copyOf(topics.values()).forEach(Topic::lookAgain);
    }

    private void broken(Throwable bug) {
        run(() -> List.copyOf(topics.values()).forEach(topic -> topic.failed(bug)));
    }

    /** Does something on the event loop: at once if this is on it. */
    void run(Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
        } else {
            loop.execute(task);
        }
    }

    /** Does something on the event loop after what is there to do already. */
    void runLater(Runnable task) {
        loop.execute(task);
    }
}
