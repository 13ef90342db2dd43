package dev.patchbay.client;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A plugin that does as it is told, on a unix socket: each method has things to do, one for each request, the last of them
 * ever after. A thread for each connection. Must be closed.
 */
public final class ScriptedPlugin implements AutoCloseable {
    private static final long PATIENCE_MILLIS = 10_000;

    private final Path socket;
    private final ServerSocketChannel listener;
    private final Thread acceptor;
    private final Map<String, LinkedBlockingDeque<Behaviour>> behaviours = new ConcurrentHashMap<>();
    private final Set<String> early = ConcurrentHashMap.newKeySet();
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final Set<SocketChannel> connections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private final Object left = new Object();
    private volatile boolean recording = true;

    /** What it does with a request. */
    public interface Behaviour {
        /** Answers one request. */
        void answer(Received request, Peer peer) throws IOException, InterruptedException;

        /** Answers with 200 and JSON. */
        static Behaviour json(String json) {
            return (_, peer) -> peer.answer(200, json);
        }

        /** Answers with a status and text. */
        static Behaviour status(int status, String text) {
            return (_, peer) -> peer.answer(status, text);
        }

        /** Answers nothing, for as long as the connection is open. */
        static Behaviour hang() {
            return (_, peer) -> peer.awaitEnd();
        }

        /** Writes just that and closes the connection. */
        static Behaviour raw(String text) {
            return (_, peer) -> {
                peer.write(text);
                peer.close();
            };
        }

        /** Closes the connection. */
        static Behaviour close() {
            return raw("");
        }
    }

    private ScriptedPlugin(Path socket) throws IOException {
        this.socket = socket;
        this.listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(socket), 1024);
        this.acceptor = Thread.ofVirtual().start(this::accept);
    }

    /** One that listens there. */
    public static ScriptedPlugin at(Path socket) throws IOException {
        return new ScriptedPlugin(socket);
    }

    /** Does these things when asked for a method, one after the other, and the last one ever after. */
    public ScriptedPlugin on(String method, Behaviour... things) {
        behaviours.put(method, new LinkedBlockingDeque<>(List.of(things)));
        return this;
    }

    /** Does this when asked for a method, before it has read a body that comes in chunks. */
    public ScriptedPlugin onHead(String method, Behaviour thing) {
        early.add(method);
        return on(method, thing);
    }

    /** Keeps nothing of what it receives. */
    public ScriptedPlugin forgetful() {
        recording = false;
        return this;
    }

    /** Where it listens. */
    public Path socket() {
        return socket;
    }

    /** All requests so far. */
    public List<Received> received() {
        return List.copyOf(received);
    }

    /** Those for a method. */
    public List<Received> received(String method) {
        return received.stream().filter(request -> request.method().equals(method)).toList();
    }

    /** How many connections there have been. */
    public int accepted() {
        return accepted.get();
    }

    /** How many there are. */
    public int open() {
        return connections.size();
    }

    /** Waits until so few connections are left; answers whether that came to pass. */
    public boolean isDownTo(int few) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
        synchronized (left) {
            while (connections.size() > few && System.nanoTime() < deadline) {
                left.wait(100);
            }
        }
        return connections.size() <= few;
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel channel = listener.accept();
                accepted.incrementAndGet();
                connections.add(channel);
                var _ = Thread.ofVirtual().start(() -> serve(channel));
            }
        } catch (ClosedChannelException _) {
            // It is over.
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void serve(SocketChannel channel) {
        try (channel) {
            var peer = new Peer(channel);
            for (var request = peer.read(early); request.isPresent(); request = peer.read(early)) {
                if (recording) {
                    received.add(request.get());
                }
                behaviour(request.get().method()).answer(request.get(), peer);
            }
        } catch (IOException | InterruptedException _) {
            // The client is gone, or this plugin.
        } finally {
            connections.remove(channel);
            synchronized (left) {
                left.notifyAll();
            }
        }
    }

    private Behaviour behaviour(String method) {
        var things = behaviours.get(method);
        if (things == null) {
            return Behaviour.status(404, "no such method");
        }
        synchronized (things) {
            return things.size() > 1 ? things.remove() : things.element();
        }
    }

    /** Takes no more connections; its socket stays. */
    public void closeListener() throws IOException, InterruptedException {
        listener.close();
        acceptor.join(); // the socket itself is closed by whoever waits for it
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (SocketChannel channel : connections) {
            channel.close();
        }
        Files.deleteIfExists(socket);
    }
}
