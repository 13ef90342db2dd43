package dev.patchbay.benchmarks.measure;

import java.io.Closeable;
import java.io.IOException;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnknownHostException;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * A connection's bytes, encrypted or not, and who watches it.
 *
 * @param in what comes
 * @param out what goes
 * @param connection closes both
 * @param watched closes it if something takes too long
 */
record Wire(ReadableByteChannel in, WritableByteChannel out, Closeable connection,
        Deadlines.Watched watched) implements Closeable {
    /** Connects. */
    static Wire open(Endpoint endpoint) throws IOException {
        return switch (endpoint.target()) {
            case Target.Unix unix ->
                plain(SocketChannel.open(StandardProtocolFamily.UNIX), unix, endpoint.patience());
            case Target.Tcp tcp -> plain(SocketChannel.open(), tcp, endpoint.patience());
            case Target.Tls tls -> encrypted(endpoint.tls().orElseThrow(), tls, endpoint.patience());
        };
    }

    private static Wire plain(SocketChannel channel, Target target, Duration patience) throws IOException {
        var watched = Deadlines.watch(channel, patience);
        return opened(channel, watched, target, () -> {
            channel.connect(target.address());
            return new Wire(channel, channel, channel, watched);
        });
    }

    private static Wire encrypted(SSLContext context, Target.Tls target, Duration patience)
            throws IOException {
        var socket = new Socket();
        // The plain one: whoever closes the other says good-bye first, and waits for that to be sent.
        var watched = Deadlines.watch(socket, patience);
        return opened(socket, watched, target, () -> {
            socket.connect(target.address());
            var secure = (SSLSocket) context.getSocketFactory()
                    .createSocket(socket, target.name(), target.port(), true);
            secure.setSSLParameters(Endpoint.expectingItsName(secure.getSSLParameters()));
            secure.startHandshake();
            return new Wire(Channels.newChannel(secure.getInputStream()),
                    Channels.newChannel(secure.getOutputStream()), secure, watched);
        });
    }

    @FunctionalInterface
    private interface Opening {
        Wire open() throws IOException;
    }

    private static Wire opened(Closeable connection, Deadlines.Watched watched, Target target,
            Opening opening)
            throws IOException {
        watched.begin();
        try {
            Wire wire = opening.open();
            watched.end();
            return wire;
        } catch (UnresolvedAddressException _) {
            watched.close();
            connection.close();
            throw new UnknownHostException(target.host());
        } catch (IOException e) {
            watched.close();
            connection.close();
            throw watched.reason("a connection to " + target, e);
        }
    }

    @Override
    public void close() throws IOException {
        watched.close();
        connection.close();
    }
}
