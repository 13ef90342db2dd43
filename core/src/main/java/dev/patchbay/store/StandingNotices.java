package dev.patchbay.store;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an operator is to be told that came to light after the opening, for as long as it is so. Thread-safe. */
final class StandingNotices implements NoticeBoard {
    private static final Logger LOG = LoggerFactory.getLogger(StandingNotices.class);

    /** More help nobody; a disk that refuses everything would fill the memory with them. */
    private static final int MOST = 100;

    private final List<Loaded.Notice> notices = new ArrayList<>(); // guarded by this

    /** In place of what was told about it before. */
    @Override
    public synchronized void tell(Path place, String problem) {
        var notice = new Loaded.Notice(place, problem);
        if (notices.contains(notice)) {
            return;
        }
        withdraw(place);
        LOG.warn("{}", problem);
        if (notices.size() < MOST) {
            notices.add(notice);
        }
    }

    /** Takes back what was told about a place. */
    synchronized void withdraw(Path place) {
        notices.removeIf(notice -> notice.folder().equals(place));
    }

    synchronized List<Loaded.Notice> now() {
        return List.copyOf(notices);
    }
}
