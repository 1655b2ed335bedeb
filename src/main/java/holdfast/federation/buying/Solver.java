package holdfast.federation.buying;

import holdfast.core.Interval;
import holdfast.core.SliverId;
import holdfast.federation.buying.SolverCourse.Flags;
import holdfast.federation.buying.SolverCourse.Part;
import holdfast.protocol.Message;
import holdfast.protocol.rear.Configuration;
import holdfast.protocol.rear.FlavorType;
import holdfast.protocol.rear.K8Slice;
import holdfast.protocol.rear.Kind;
import holdfast.protocol.rear.Selector;
import holdfast.protocol.rear.Wish;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/// The record of one search for room elsewhere (fluidos.md 3.1): what is wanted, and how far it is. States of the
/// resource: those of [SolverCourse.State]. Its name is the id of the sliver that it is for.
///
/// @param sliver its own id if it was begun by hand
/// @param asker who wants to hear of it; empty if it was begun by hand
/// @param attempt as in [holdfast.protocol.Message.Acquire]
/// @param term when it shall be used: that of what is bought
/// @param wish what is wanted of it beside the amounts
/// @param flags which phases are wanted
/// @param pick the one offer that is to be taken, if somebody has chosen it
/// @param machine whether a machine is to run on it, and no manifest
/// @param service what the service is called in the intent that it is for, whose id is in the place of a sliver's
public record Solver(
        SliverId sliver,
        String asker,
        int attempt,
        Selector selector,
        Interval term,
        Wish wish,
        Flags flags,
        Optional<Pick> pick,
        Progress progress,
        boolean machine,
        Optional<String> service) {
    public static final String TYPE = "solver";

    /// What somebody has chosen.
    ///
    /// @param piece what of the flavor; empty: all of it
    /// @param buys whether it is to be bought; else it is only held until that is said
    public record Pick(UUID peer, String flavor, Optional<Configuration> piece, boolean buys) {
        /// Whether it is that offer.
        boolean is(UUID seller, String name) {
            return peer.equals(seller) && flavor.equals(name);
        }

        Pick buying(boolean now) {
            return new Pick(peer, flavor, piece, now);
        }
    }

    /// How far it is.
    ///
    /// @param looks how often others were asked for offers
    /// @param discovery how it stands with the last time
    /// @param contract what was bought, once it is being peered
    /// @param until when the time of the phase under way is up
    /// @param unheard peers of which nothing came the last time, and why, for people
    public record Progress(
            SolverCourse course,
            int looks,
            Part discovery,
            Optional<UUID> contract,
            Optional<Instant> until,
            List<String> unheard) {
        static final Progress NONE =
                new Progress(SolverCourse.NEW, 0, Part.NONE, Optional.empty(), Optional.empty(), List.of());

        @SuppressWarnings("NullAway") // of what was looked for before this was kept nothing is known
        public Progress {
            unheard = List.copyOf(Objects.requireNonNullElse(unheard, List.of()));
        }
    }

    /// One that has not begun.
    static Solver fresh(
            SliverId sliver, String asker, int attempt, Selector selector, Interval term, Wish wish, Flags flags) {
        return new Solver(
                sliver,
                asker,
                attempt,
                selector,
                term,
                wish,
                flags,
                Optional.empty(),
                Progress.NONE,
                false,
                Optional.empty());
    }

    /// The same, for a machine: parts of clusters are of no use.
    Solver forMachine() {
        return new Solver(sliver, asker, attempt, selector, term, wish, flags, pick, progress, true, service);
    }

    /// One that has not begun to look for a service of an intent.
    static Solver of(Message.Procure service, String asker) {
        return new Solver(
                new SliverId(service.intent()),
                asker,
                1,
                service.selector(),
                service.term(),
                service.wish(),
                Flags.ALL,
                Optional.empty(),
                Progress.NONE,
                false,
                Optional.of(service.part()));
    }

    /// Whether what is offered is of any use, however large it is.
    boolean isServedBy(Kind kind) {
        return !machine || !(kind instanceof K8Slice slice) || !slice.isOfCluster();
    }

    /// Whether it looks for a service: what is bought is used as it is, and no site of ours.
    boolean isOfService() {
        return selector.type() == FlavorType.SERVICE;
    }

    /// Whether somebody began it by hand, so that no sliver waits for it.
    public boolean isByHand() {
        return asker.isEmpty();
    }

    public SolverCourse course() {
        return progress.course;
    }

    public int looks() {
        return progress.looks;
    }

    public Part discovery() {
        return progress.discovery;
    }

    public Optional<UUID> contract() {
        return progress.contract;
    }

    public Optional<Instant> until() {
        return progress.until;
    }

    List<String> unheard() {
        return progress.unheard;
    }

    Solver at(SolverCourse next) {
        return with(new Progress(next, looks(), discovery(), contract(), until(), unheard()));
    }

    Solver looking(Instant limit) {
        return with(new Progress(course(), looks() + 1, Part.RUNNING, contract(), Optional.of(limit), unheard()));
    }

    /// @param silent as [Progress#unheard]
    Solver looked(Part came, List<String> silent) {
        return with(new Progress(course(), looks(), came, contract(), until(), silent));
    }

    Solver within(Instant limit) {
        return with(new Progress(course(), looks(), discovery(), contract(), Optional.of(limit), unheard()));
    }

    Solver peering(UUID bought) {
        return with(new Progress(course(), looks(), discovery(), Optional.of(bought), until(), unheard()));
    }

    private Solver with(Progress next) {
        return new Solver(sliver, asker, attempt, selector, term, wish, flags, pick, next, machine, service);
    }

    Solver picking(Optional<Pick> chosen) {
        return new Solver(sliver, asker, attempt, selector, term, wish, flags, chosen, progress, machine, service);
    }

    /// The same, of which more is wanted.
    ///
    /// @param buys whether the offer that was chosen is to be bought
    Solver wanting(Flags more, boolean buys) {
        var chosen = pick.map(one -> one.buying(one.buys || buys));
        return new Solver(
                sliver, asker, attempt, selector, term, wish, flags.and(more), chosen, progress, machine, service);
    }
}
