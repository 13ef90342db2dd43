package dev.patchbay.registry;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An HTTP proxy on loopback that leads every tunnel (RFC 9110, 9.3.6) to one port, whatever host was asked for. */
final class TunnelProxy implements AutoCloseable {
    private final int target;
    private final ServerSocket server = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final List<String> heads = new CopyOnWriteArrayList<>();

    TunnelProxy(int target) throws IOException {
        this.target = target;
        threads.execute(this::accept);
    }

    String url(String login) {
        return "http://" + login + "127.0.0.1:" + server.getLocalPort();
    }

    /** The lines that tunnels were asked for with. */
    List<String> heads() {
        return heads;
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                sockets.add(client);
                threads.execute(() -> serve(client));
            }
        } catch (IOException _) {
            // Closed.
        }
    }

    private void serve(Socket client) {
        try (client; var upstream = new Socket(InetAddress.getLoopbackAddress(), target)) {
            sockets.add(upstream);
            var lines = new BufferedReader(new InputStreamReader(client.getInputStream(), ISO_8859_1), 1);
            for (String line = lines.readLine(); line != null && !line.isEmpty(); line = lines.readLine()) {
                heads.add(line);
            }
            client.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(ISO_8859_1));
            var back = threads.submit(() -> pass(upstream, client));
            pass(client, upstream);
            back.get();
        } catch (Exception e) {
            if (!(e instanceof SocketException)) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static void pass(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException _) {
            // One side has gone; the other is closed with it.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
        threads.close();
    }
}
