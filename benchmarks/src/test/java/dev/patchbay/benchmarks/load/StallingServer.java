package dev.patchbay.benchmarks.load;

import dev.patchbay.benchmarks.measure.Access;
import dev.patchbay.benchmarks.measure.Endpoint;
import dev.patchbay.benchmarks.measure.Target;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/** A server that answers every request at once, but for a while not at all: then it answers all that have come meanwhile. */
final class StallingServer implements AutoCloseable {
    private final ServerSocket listening;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final int status;
    private final long stallBegin;
    private final long stallEnd;

    private StallingServer(ServerSocket listening, int status, long stallBegin, long stallEnd) {
        this.listening = listening;
        this.status = status;
        this.stallBegin = stallBegin;
        this.stallEnd = stallEnd;
        threads.execute(this::accept);
    }

    /** Starts one that stalls so long from now. */
    static StallingServer start(Duration after, Duration stall) throws IOException {
        long begin = System.nanoTime() + after.toNanos();
        return new StallingServer(listen(), 200, begin, begin + stall.toNanos());
    }

    /** Starts one that answers everything with an error. */
    static StallingServer refusing() throws IOException {
        return new StallingServer(listen(), 500, System.nanoTime(), System.nanoTime());
    }

    private static ServerSocket listen() throws IOException {
        return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    Endpoint endpoint() throws IOException {
        return Endpoint.of(new Target.Tcp("127.0.0.1", listening.getLocalPort()), Access.OPEN);
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                threads.execute(() -> serve(client));
            } catch (IOException _) {
                return; // closed
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            var in = new BufferedReader(
                    new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.isEmpty()) { // a request without a body has ended
                    stall();
                    String answer = "HTTP/1.1 " + status + " Any\r\nContent-Length: 2\r\n\r\n[]";
                    client.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                }
            }
        } catch (IOException _) {
            // the client has gone
        }
    }

    private void stall() {
        while (System.nanoTime() - stallBegin > 0 && System.nanoTime() - stallEnd < 0) {
            LockSupport.parkNanos(stallEnd - System.nanoTime());
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        threads.shutdownNow();
    }
}
