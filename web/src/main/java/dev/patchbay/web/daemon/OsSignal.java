package dev.patchbay.web.daemon;

import java.lang.reflect.Proxy;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/** What the operating system tells the daemon. */
enum OsSignal {
    /** Read the configuration again. */
    HUP(1),
    /** Stop: control-C. */
    INT(2),
    /** Stop. */
    TERM(15);

    private final int number;

    OsSignal(int number) {
        this.number = number;
    }

    /** Tells of signals one by one. */
    @FunctionalInterface
    interface Inbox {
        /** Waits for the next signal. */
        OsSignal take() throws InterruptedException;
    }

    /** The signals of this process from the moment they were taken over. */
    private static final class Arrivals implements Inbox {
        private final BlockingQueue<OsSignal> arrived = new LinkedBlockingQueue<>();
        private final AtomicBoolean stopping = new AtomicBoolean();

        /** Runs on a thread of the JVM's own, one for each signal that arrives. */
        void add(OsSignal signal) {
            if (signal != HUP && stopping.getAndSet(true)) {
                Runtime.getRuntime().halt(128 + signal.number);
            }
            arrived.add(signal);
        }

        @Override
        public OsSignal take() throws InterruptedException {
            return arrived.take();
        }
    }

    /**
     * Takes over the three signals of this process. A second TERM or INT ends the process at once, whatever it does.
     *
     * <p>The JDK has no supported way to hear of HUP, and a shutdown hook cannot end with exit code 0 after TERM; so this
     * is {@code sun.misc.Signal}, which {@code jdk.unsupported} exports for such uses (JEP 260). By name, because javac
     * warns of it in a way that can be neither switched off nor suppressed.
     *
     * @throws UnsupportedOperationException if this Java has no such class, or refuses a signal
     */
    static Inbox takeOver() {
        var arrivals = new Arrivals();
        try {
            Class<?> signalType = Class.forName("sun.misc.Signal");
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            var handle = signalType.getMethod("handle", signalType, handlerType);
            var named = signalType.getConstructor(String.class);
            for (OsSignal signal : values()) {
                handle.invoke(null, named.newInstance(signal.name()), handler(handlerType, signal, arrivals));
            }
            return arrivals;
        } catch (ReflectiveOperationException e) {
            throw new UnsupportedOperationException("cannot take over signals", e);
        }
    }

    /** A proxy of the old kind: its class is in the cache of classes, and one for a method handle would be made each time. */
    @SuppressWarnings("ReferenceEquality") // its identity is all that it has
    private static Object handler(Class<?> type, OsSignal signal, Arrivals arrivals) {
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type},
                (proxy, method, arguments) -> {
                    return switch (method.getName()) {
                        case "handle" -> {
                            arrivals.add(signal);
                            yield null;
                        }
                        case "equals" -> proxy == arguments[0];
                        case "hashCode" -> System.identityHashCode(proxy);
                        default -> signal.name();
                    };
                });
    }
}
