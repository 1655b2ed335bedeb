package holdfast.federation.resale;

import holdfast.federation.discovery.CandidateCourse;
import holdfast.federation.discovery.Candidates;
import holdfast.federation.discovery.Referrals;
import holdfast.federation.wire.CatalogText;
import holdfast.platform.Tx;
import holdfast.protocol.rear.Trace;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/// Who hears what became of what others offer through us: the catalogs in which it was found, and those in which it is
/// published (fluidos.md 4.4 steps 23 and 24).
public final class Echoes {
    private final Candidates candidates;
    private Refusals refusals;
    private Optional<Consumer<Tx>> taken = Optional.empty();

    Echoes(Candidates candidates) {
        this.candidates = candidates;
        this.refusals = candidates.referrals()::tell;
    }

    /// Hears what could not be had of others.
    public interface Refusals {
        void heard(Tx tx, UUID peer, String flavor, CatalogText.Outcome outcome, Trace trace);
    }

    /// Has somebody else hear it than the catalog in which it was found. Before the engine starts.
    public void refusals(Refusals listener) {
        refusals = listener;
    }

    /// Has somebody hear when there is less of what the domain offers. Before the engine starts.
    public void whenTaken(Consumer<Tx> listener) {
        taken = Optional.of(listener);
    }

    void refused(Tx tx, UUID peer, String flavor, int status, Trace trace) {
        Referrals.outcome(status).ifPresent(outcome -> refusals.heard(tx, peer, flavor, outcome, trace));
    }

    /// What is left of it has another name: it is asked for again before that is told.
    void taken(Tx tx, UUID peer, String flavor) {
        taken.ifPresent(listener -> {
            candidates.heard(tx, peer, flavor, CandidateCourse.News.TAKEN);
            listener.accept(tx);
        });
    }

    void bought(Tx tx, UUID peer, String flavor, String seller, Trace trace) {
        candidates.referrals().bought(tx, peer, flavor, seller, trace);
    }
}
