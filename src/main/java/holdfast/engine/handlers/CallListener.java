package holdfast.engine.handlers;

import holdfast.core.Caller;
import holdfast.engine.JournalFilter;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.jooq.impl.DSL;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hears every call on behalf of this server, in a thread of its own; when it stumbles it listens anew.
final class CallListener {
    private static final Logger LOG = LoggerFactory.getLogger(CallListener.class);
    private static final Duration LISTEN_AGAIN = Duration.ofSeconds(1);

    private final String name;
    private final Subscriptions subscriptions;
    private final BiConsumer<UUID, Call> hears;
    private final Thread thread;

    /// @param hears is told as which subscriber
    CallListener(String name, Subscriptions subscriptions, BiConsumer<UUID, Call> hears) {
        this.name = name;
        this.subscriptions = subscriptions;
        this.hears = hears;
        this.thread = Thread.ofVirtual().name(name).unstarted(this::listen);
    }

    void start() {
        thread.start();
    }

    void interrupt() {
        thread.interrupt();
    }

    void join() throws InterruptedException {
        thread.join(Duration.ofSeconds(5));
    }

    private void listen() {
        var interest = new Interest(
                new Caller(name, "", true),
                Optional.of(_ -> true),
                Optional.<JournalFilter>empty(),
                _ -> false,
                DSL.falseCondition(),
                Optional.empty(),
                () -> true);
        while (true) {
            try {
                subscriptions.listen(interest, new Audience() {
                    @Override
                    public void call(UUID subscriber, Call call) {
                        hears.accept(subscriber, call);
                    }
                });
                return;
            } catch (InterruptedException _) {
                LOG.debug("{} end with the server", name);
                return;
            } catch (RuntimeException e) {
                LOG.warn("{} stumbled and listen anew: {}", name, e.toString());
            }
            try {
                Thread.sleep(LISTEN_AGAIN);
            } catch (InterruptedException _) {
                return;
            }
        }
    }
}
