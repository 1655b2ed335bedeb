package holdfast.orchestrator;

import holdfast.core.Capacities;
import holdfast.core.Demand;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.core.SliceId;
import holdfast.core.SliverId;
import holdfast.protocol.LeaseInfo;
import holdfast.protocol.Placement;
import holdfast.protocol.SliceInfo;
import holdfast.protocol.Ticket;
import holdfast.protocol.rear.Trace;
import holdfast.protocol.rear.Wish;
import holdfast.protocol.rear.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// One sliver in each of its states.
final class Slivers {
    static final SliverId ID = new SliverId(new UUID(0, 7));
    static final SliceInfo INFO = new SliceInfo(new SliceId(new UUID(0, 1)), "slice", "physics", "alice", List.of());
    static final Refusal WHY = Refusal.broken("because");
    static final Demand DEMAND =
            new Demand("VM", "node1", "LAB", Capacities.of(1, 1, 1), Optional.empty(), Optional.empty(), List.of());
    static final Sliver.Wanted WANTED =
            new Sliver.Wanted(DEMAND, Interval.of(Instant.parse("2030-01-07T08:00:00Z"), Duration.ofHours(1)));
    static final Slice SLICE = new Slice(INFO, WANTED.term(), "broker", Optional.empty(), Optional.empty());
    static final Slice FEDERATED = new Slice(
            INFO,
            WANTED.term(),
            "broker",
            Optional.of(new Slice.Elsewhere("federation", Wish.any(new Trace("t-1", Workflow.W1)))),
            Optional.empty());
    static final Sliver.Wanted ELSEWHERE = WANTED.at("b-1");
    static final Refusal FULL = Refusal.noRoom("full", Optional.empty());
    static final Ticket TICKET = new Ticket(
            ID,
            new UUID(0, 2),
            "broker",
            "lab-am",
            WANTED.term(),
            DEMAND,
            new Placement("H1", "lab-w1", DEMAND.capacities(), List.of()));
    static final LeaseInfo LEASE = new LeaseInfo("lab-w1", List.of(), Map.of());

    static final Sliver TICKETING = new Sliver.Ticketing(WANTED);
    static final Sliver ACQUIRING = new Sliver.Acquiring(WANTED, FULL);
    static final Sliver TICKETED = new Sliver.Ticketed(WANTED, TICKET);
    static final Sliver REDEEMING = new Sliver.Redeeming(WANTED, TICKET);
    static final Sliver ACTIVE = new Sliver.Active(WANTED, TICKET, LEASE, 3, Optional.empty());
    static final Sliver CLOSING = new Sliver.Closing(WANTED, TICKET, Optional.empty());
    static final Sliver CLOSED = new Sliver.Closed(WANTED, Optional.empty());
    static final Sliver FAILED = new Sliver.Failed(WANTED, WHY);
    static final List<Sliver> ALL = List.of(TICKETING, ACQUIRING, TICKETED, REDEEMING, ACTIVE, CLOSING, CLOSED, FAILED);

    private Slivers() {}
}
