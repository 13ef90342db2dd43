package dev.patchbay.web.crash;

import dev.patchbay.web.crash.Account.Step;
import dev.patchbay.web.crash.SocketClient.Answer;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;

/** A user with some plugins, who asks for one change after the other until the daemon falls. For one thread. */
final class Client {
    private static final int CONFLICT = 409;

    private final List<Account> accounts;
    private final Wishes wishes;
    private final Random random;
    private final SocketClient daemon;
    private final History history;

    Client(List<Account> accounts, Wishes wishes, Random random, SocketClient daemon, History history) {
        this.accounts = List.copyOf(accounts);
        this.wishes = wishes;
        this.random = random;
        this.daemon = daemon;
        this.history = history;
    }

    /**
     * Asks for changes.
     *
     * @param falling whether the daemon is being ended: only then may a change be refused or stay without an answer
     * @param begun told of each change that is asked for
     * @param most how many changes to ask for at most
     */
    void run(BooleanSupplier falling, Runnable begun, int most) {
        for (int i = 0; i < most; i++) {
            Account account = accounts.get(random.nextInt(accounts.size()));
            Step step = wishes.next(account);
            account.begin(step);
            begun.run();
            if (!carriedOut(account, step, falling)) {
                return;
            }
        }
    }

    private boolean carriedOut(Account account, Step step, BooleanSupplier falling) {
        String what = account.name() + ": " + step.title();
        try {
            Answer answer = daemon.send(step.request());
            if (answer.isDone()) {
                account.acknowledged();
                history.add(what + ", done");
                return true;
            }
            history.add(what + ": " + answer);
            if (falling.getAsBoolean()) {
                return false; // a refusal by a daemon that ends promises nothing
            }
            if (answer.status() != CONFLICT) {
                throw new AssertionError(what + " was answered with " + answer);
            }
            account.refused();
            return true;
        } catch (IOException e) {
            history.add(what + ", not answered");
            if (!falling.getAsBoolean()) {
                throw new AssertionError(what + " was not answered", e);
            }
            return false;
        }
    }
}
