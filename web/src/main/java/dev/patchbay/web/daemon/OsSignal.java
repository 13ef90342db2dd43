package dev.patchbay.web.daemon;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
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
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            MethodHandle handle = lookup.findStatic(
                    signalType,
                    "handle",
                    MethodType.methodType(handlerType, signalType, handlerType));
            MethodHandle named = lookup.findConstructor(signalType,
                    MethodType.methodType(void.class, String.class));
            MethodHandle run = lookup.findVirtual(Runnable.class, "run", MethodType.methodType(void.class));
            for (OsSignal signal : values()) {
                Runnable arrival = () -> arrivals.add(signal);
                MethodHandle onSignal = MethodHandles.dropArguments(run.bindTo(arrival), 0, signalType);
                Object handler = MethodHandleProxies.asInterfaceInstance(handlerType, onSignal);
                handle.invoke(named.invoke(signal.name()), handler);
            }
            return arrivals;
        } catch (Throwable e) { // what a method handle declares
            throw new UnsupportedOperationException("cannot take over signals", e);
        }
    }
}
