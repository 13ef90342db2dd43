package dev.patchbay.web;

import static dev.patchbay.authz.AuthzWorld.ALLOW;
import static dev.patchbay.authz.AuthzWorld.PATIENCE;
import static dev.patchbay.authz.AuthzWorld.REQUEST;
import static dev.patchbay.web.GuardedServer.DENY;
import static dev.patchbay.web.GuardedServer.JSON;
import static dev.patchbay.web.GuardedServer.head;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What plugins are shown of a body is what the handler reads, and what they cannot be shown is refused. */
@Timeout(60)
class AuthorizedBodyTest {
    private static final String TOO_LARGE = "request body too large for authorization plugin: size exceeds 4194304 bytes";

    private final GuardedServer server = new GuardedServer();

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    @DisplayName("CVE-2024-41110: what a handler reads is what plugins were shown, however its length is told")
    void showsWhatIsReadHoweverItsLengthIsTold() throws Exception {
        assertThat(server.post(JSON + "Content-Length: 0\r\n", "[\"unseen\"]")).doesNotContain("unseen");
        assertThat(server.post(JSON + "Transfer-Encoding: chunked\r\n", "3\r\n[1,\r\n2\r\n2]\r\n0\r\n\r\n"))
                .endsWith("[1,2]");
        server.post(JSON + "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n", "3\r\n[3]\r\n0\r\n\r\n");
        server.post("Content-Type: APPLICATION/json ; charset=x\r\nContent-Length: 3\r\n", "[4]");
        server.post("Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 7\r\n", "force=1");
        server.post("Content-Type: text/plain\r\nContent-Type: application/json\r\nContent-Length: 3\r\n",
                "[5]");
        RawClient.exchange(server.socket(),
                "POST /echo HTTP/1.0\r\n" + JSON + "Content-Length: 3\r\n\r\n[6]");
        assertThat(server.handled()).contains("", "[1,2]", "[4]", "force=1", "[5]", "[6]");
        assertThat(server.bodies()).containsExactlyElementsOf(server.handled());
    }

    @Test
    void showsEachOfSeveralRequestsItsOwnBody() throws Exception {
        String one = head("POST /echo", "Content-Type: application/json", "Content-Length: 3");
        try (var client = RawClient.connect(server.socket())) {
            client.send(one + "[1]" + one + "[2]" + one + "[3]");
            assertThat(client.readUntil("[3]")).contains("[1]", "[2]");
        }
        assertThat(server.bodies()).containsExactly("[1]", "[2]", "[3]");
    }

    @Test
    void takesABodyThatWaitsToBeAskedFor() throws Exception {
        try (var client = RawClient.connect(server.socket())) {
            client.send("POST /echo HTTP/1.1\r\nHost: d\r\nConnection: close\r\n" + JSON
                    + "Expect: 100-continue\r\nContent-Length: 3\r\n\r\n");
            assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 100 ");
            assertThat(client.send("[1]").readAll()).startsWith("HTTP/1.1 200 ").endsWith("[1]");
        }
        assertThat(server.bodies()).containsExactly("[1]");
    }

    @Test
    void asksForNoBodyOfARequestThatIsDenied() throws Exception {
        server.plugin().on(REQUEST, DENY);
        try (var client = RawClient.connect(server.socket())) {
            client.send(head("POST /echo", "Connection: close", "Expect: 100-continue", "Content-Length: 3"));
            assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 403 ");
        }
    }

    @Test
    @DisplayName("CVE-2026-34040: a body that is too long to be shown is refused, not passed by unseen")
    void refusesABodyThatIsTooLong() throws Exception {
        String fits = "[" + " ".repeat((4 << 20) - 2) + "]";
        assertThat(server.post(JSON + "Content-Length: " + (4 << 20) + "\r\n", fits))
                .startsWith("HTTP/1.1 200 ");
        assertThat(server.bodies()).containsExactly(fits);
        server.handled().clear();
        assertThat(server.post(JSON + "Content-Length: " + ((4 << 20) + 1) + "\r\n", ""))
                .startsWith("HTTP/1.1 413 ")
                .contains(TOO_LARGE);
        // As much as is looked at, and not the rest, during which the server may hang up.
        assertThat(server.post(JSON + "Transfer-Encoding: chunked\r\n", "400001\r\n" + fits + " "))
                .startsWith("HTTP/1.1 413 ")
                .contains(TOO_LARGE);
        assertThat(server.handled()).isEmpty();
        assertThat(server.plugin().received(REQUEST)).hasSize(1);
    }

    @Test
    void holdsNoMoreOfAllBodiesThanItHasRoomFor() throws Exception {
        String most = JSON + "Content-Length: " + (4 << 20) + "\r\n";
        var clients = new ArrayList<RawClient>();
        try {
            for (int i = 0; i < 8; i++) { // whose bodies have not even begun
                clients.add(RawClient.connect(server.socket())
                        .send("POST /echo HTTP/1.1\r\nHost: d\r\nExpect: 100-continue\r\n" + most + "\r\n"));
                assertThat(clients.getLast().readUntil("\r\n\r\n")).startsWith("HTTP/1.1 100 ");
            }
            assertThat(server.post(JSON + "Content-Length: 1\r\n", "1")).startsWith("HTTP/1.1 503 ")
                    .contains("as much as can be held until plugins have agreed to it");
            assertThat(server.post(JSON + "Transfer-Encoding: chunked\r\n", "1\r\n1\r\n0\r\n\r\n"))
                    .startsWith("HTTP/1.1 503 ");
            assertThat(server.get("/json")).as("has no body").startsWith("HTTP/1.1 200 ");
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
        awaitRoom();
    }

    @Test
    void givesBackTheRoomOfBodiesThatAPluginHangsOver() throws Exception {
        var asked = new CountDownLatch(8);
        server.plugin().on(REQUEST, (_, peer) -> {
            asked.countDown();
            peer.awaitEnd();
        });
        String body = "[" + " ".repeat((4 << 20) - 2) + "]";
        var clients = new ArrayList<RawClient>();
        try {
            for (int i = 0; i < 8; i++) {
                clients.add(RawClient.connect(server.socket())
                        .send("POST /echo HTTP/1.1\r\nHost: d\r\n" + JSON + "Content-Length: " + (4 << 20)
                                + "\r\n\r\n" + body));
            }
            assertThat(asked.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(server.post(JSON + "Content-Length: 1\r\n", "1")).startsWith("HTTP/1.1 503 ");
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
        assertThat(server.plugin().isDownTo(0)).isTrue();
        server.plugin().on(REQUEST, ALLOW);
        awaitRoom();
        assertThat(server.handled()).containsOnly(body);
    }

    /** Until all that was held is given back: a body as long as all may be at once is taken eight times, one after the other. */
    private void awaitRoom() throws Exception {
        String fits = "[" + " ".repeat((4 << 20) - 2) + "]";
        for (int taken = 0; taken < 8;) {
            if (server.post(JSON + "Content-Length: " + (4 << 20) + "\r\n", fits)
                    .startsWith("HTTP/1.1 200 ")) {
                taken++;
            }
        }
    }

    @Test
    void carriesOutNothingOfABodyThatIsCut() throws Exception {
        try (var client = RawClient.connect(server.socket())) {
            client.send("POST /echo HTTP/1.1\r\nHost: d\r\n" + JSON + "Content-Length: 100\r\n\r\n[1]");
            assertThat(server.post(JSON + "Content-Length: 3\r\n", "[2]")).endsWith("[2]"); // time enough for it
            client.endOutput();
            client.readAll();
        } catch (IOException _) {
            // It may be closed without an answer.
        }
        assertThat(server.post(JSON + "Content-Length: 3\r\n", "[3]")).endsWith("[3]"); // which comes behind it
        assertThat(server.handled()).containsExactly("[2]", "[3]");
        assertThat(server.bodies()).containsExactly("[2]", "[3]");
    }
}
