package dev.patchbay.web.crash;

import dev.patchbay.web.crash.Account.Step;
import dev.patchbay.web.crash.Condition.Present;
import dev.patchbay.web.crash.SocketClient.Request;
import java.io.IOException;

/** A plugin that runs from the start on and that nobody touches: whatever else happens, it must never be disturbed. */
record Steady(Account account, SocketClient daemon) {
    void install(byte[] context) throws IOException {
        Present installed = Present.fresh(Wishes.LOCAL);
        String name = account.name();
        does(new Step("create", Request.tar("/plugins/create?name=" + name, context), installed));
        does(new Step("enable", Request.post("/plugins/" + name + "/enable?timeout=60"),
                installed.enabled(true)));
    }

    private void does(Step step) throws IOException {
        account.begin(step);
        daemon.done(step.request());
        account.acknowledged();
    }
}
