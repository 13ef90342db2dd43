package dev.patchbay.benchmarks.load;

/**
 * How many subscribers do not just take what comes.
 *
 * @param slow how many take little at a time
 * @param resuming how many hang up again and again, and resume
 */
public record Mix(int slow, int resuming) {
    /** Everybody just takes what comes. */
    public static final Mix STEADY = new Mix(0, 0);

    private static final int PERCENT = 100;

    /** Shares of a number of subscribers, in percent, rounded down; together 100 at most. */
    static Mix percent(int subscribers, int slow, int resuming) {
        return new Mix(subscribers * slow / PERCENT, subscribers * resuming / PERCENT);
    }

    Subscriber.Habit habit(int number) {
        if (number < slow) {
            return Subscriber.Habit.SLOW;
        }
        return number < slow + resuming ? Subscriber.Habit.RESUMING : Subscriber.Habit.STEADY;
    }
}
