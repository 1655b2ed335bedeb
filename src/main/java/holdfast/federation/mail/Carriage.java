package holdfast.federation.mail;

import holdfast.engine.Signal;
import holdfast.federation.mail.Line.Turn;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Carries the mail of one line until it is over: one thread waits for what comes, another brings what is to be sent.
final class Carriage {
    private static final Logger LOG = LoggerFactory.getLogger(Carriage.class);
    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final Duration SWEEP = Duration.ofMinutes(1);
    private static final int LONGEST_PAUSE = 60;

    /// Before it asks again after nothing has come: a seller that does not let us wait is not asked without end.
    private static final Duration BREATH = Duration.ofMillis(100);

    private final Line line;
    private final Semaphore places;
    private final Consumer<String> over;
    private final Signal bell = new Signal();

    /// The seller answers again.
    private final Signal better = new Signal();

    private final Thread fetching;
    private final Thread sending;
    private volatile boolean stopped;

    /// @param places for calls that wait
    /// @param over told when the seller says that it is, with what it said; by both threads perhaps
    Carriage(Line line, Semaphore places, Consumer<String> over) {
        this.line = line;
        this.places = places;
        this.over = over;
        var name = "mail under " + line.route().contract();
        this.fetching = Thread.ofVirtual().name(name + ", in").unstarted(() -> run(this::fetch));
        this.sending = Thread.ofVirtual().name(name + ", out").unstarted(() -> run(this::send));
    }

    Line line() {
        return line;
    }

    void start() {
        fetching.start();
        sending.start();
    }

    /// Something is to be sent.
    void ring() {
        bell.raiseHere();
    }

    void stop() {
        stopped = true;
        fetching.interrupt();
        sending.interrupt();
    }

    void join(Duration limit) throws InterruptedException {
        fetching.join(limit);
        sending.join(limit);
    }

    private Turn fetch() throws InterruptedException {
        places.acquire();
        try {
            return line.fetch(WAIT);
        } finally {
            places.release();
        }
    }

    private Turn send() throws InterruptedException {
        long seen = bell.count();
        var turn = line.send();
        if (turn.equals(new Turn.Done(false))) {
            bell.await(seen, SWEEP);
        }
        return turn;
    }

    private void run(Callable<Turn> exchange) {
        int failures = 0;
        try {
            while (!stopped) {
                switch (turn(exchange)) {
                    case Turn.Done(var moved) -> {
                        if (failures > 0) {
                            failures = 0;
                            better.raiseHere();
                        } else if (!moved) {
                            rest(BREATH);
                        }
                    }
                    case Turn.Silent(var why) -> {
                        if (failures == 0 && !stopped) {
                            LOG.warn("{}: {}; it is tried again", line.route(), why);
                        }
                        rest(Duration.ofSeconds(Math.min(LONGEST_PAUSE, 1L << Math.min(failures++, 6))));
                    }
                    case Turn.Over _ -> stop();
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Whatever goes wrong may be better the next time: the database may be away, or the seller say nonsense.
    private Turn turn(Callable<Turn> exchange) throws InterruptedException {
        try {
            var turn = exchange.call();
            if (turn instanceof Turn.Over(var why)) {
                over.accept(why);
            }
            return turn;
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            return new Turn.Silent(e.toString());
        }
    }

    private void rest(Duration limit) throws InterruptedException {
        better.await(better.count(), limit);
    }
}
