package holdfast.orchestrator;

import holdfast.core.Demand;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.engine.Resource;
import holdfast.platform.Json;
import holdfast.protocol.LeaseInfo;
import holdfast.protocol.Ticket;
import java.util.Objects;
import java.util.Optional;

/// One part of a slice that is provisioned on its own. Each state carries what is known in it, and nothing else
/// (the orchestrator's reservation of fabric.md 3.2; its pending and join states exist only on that wire).
public sealed interface Sliver {
    /// What was asked for.
    ///
    /// @param attempt which request for a ticket this is, from 1; from the second on it goes to a site that was
    ///     acquired
    record Wanted(Demand demand, Interval term, int attempt) {
        /// As the user asked for it.
        public Wanted(Demand demand, Interval term) {
            this(demand, term, 1);
        }

        Wanted at(String site) {
            return new Wanted(demand.at(site), term, attempt + 1);
        }
    }

    Wanted wanted();

    /// The broker has been asked.
    record Ticketing(Wanted wanted) implements Sliver {}

    /// The broker has no room, and room elsewhere is looked for.
    ///
    /// @param why the broker has none
    record Acquiring(Wanted wanted, Refusal why) implements Sliver {}

    /// The broker has promised; the authority has not been asked yet.
    record Ticketed(Wanted wanted, Ticket ticket) implements Sliver {}

    /// The authority has been asked.
    record Redeeming(Wanted wanted, Ticket ticket) implements Sliver {}

    /// @param sequence of the authority's last update
    /// @param trouble what is wrong with it just now, if its authority says that something is
    record Active(Wanted wanted, Ticket ticket, LeaseInfo lease, long sequence, Optional<Refusal> trouble)
            implements Sliver {
        @SuppressWarnings("NullAway") // what was stored before anybody said so has none
        public Active {
            trouble = Objects.requireNonNullElse(trouble, Optional.empty());
        }
    }

    /// The authority has been told to take it down.
    record Closing(Wanted wanted, Ticket ticket, Optional<Refusal> why) implements Sliver {}

    record Closed(Wanted wanted, Optional<Refusal> why) implements Sliver {}

    record Failed(Wanted wanted, Refusal why) implements Sliver {}

    /// The name of the state, as stored.
    default String state() {
        return switch (this) {
            case Ticketing _ -> "ticketing";
            case Acquiring _ -> "acquiring";
            case Ticketed _ -> "ticketed";
            case Redeeming _ -> "redeeming";
            case Active _ -> "active";
            case Closing _ -> "closing";
            case Closed _ -> "closed";
            case Failed _ -> "failed";
        };
    }

    /// Why it is not what was asked for, if so.
    default Optional<Refusal> refusal() {
        return switch (this) {
            case Ticketing _, Acquiring _, Ticketed _, Redeeming _, Active _ -> Optional.empty();
            case Closing(var _, var _, var why) -> why;
            case Closed(var _, var why) -> why;
            case Failed(var _, var why) -> Optional.of(why);
        };
    }

    /// What is wrong with one that is there, as far as its authority says.
    default Optional<Refusal> trouble() {
        return Optional.empty();
    }

    /// What the broker promised, as long as it counts.
    default Optional<Ticket> promised() {
        return switch (this) {
            case Ticketed(var _, var ticket) -> Optional.of(ticket);
            case Redeeming(var _, var ticket) -> Optional.of(ticket);
            case Active(var _, var ticket, var _, var _, var _) -> Optional.of(ticket);
            case Closing(var _, var ticket, var _) -> Optional.of(ticket);
            case Ticketing _, Acquiring _, Closed _, Failed _ -> Optional.empty();
        };
    }

    /// Whether it is not yet known if it can be had.
    default boolean unanswered() {
        return this instanceof Ticketing || this instanceof Acquiring;
    }

    /// Whether room in other domains was sought for it.
    default boolean foreign() {
        return this instanceof Acquiring || wanted().attempt() > 1;
    }

    /// Whether nothing more will happen to it.
    default boolean over() {
        return this instanceof Closed || this instanceof Failed;
    }

    /// The sliver in `resource`, which must be of type `sliver`.
    static Sliver of(Resource resource) {
        Class<? extends Sliver> shape = switch (resource.state()) {
            case "ticketing" -> Ticketing.class;
            case "acquiring" -> Acquiring.class;
            case "ticketed" -> Ticketed.class;
            case "redeeming" -> Redeeming.class;
            case "active" -> Active.class;
            case "closing" -> Closing.class;
            case "closed" -> Closed.class;
            case "failed" -> Failed.class;
            default ->
                throw new IllegalStateException(
                        "sliver " + resource.id() + " is in no known state: " + resource.state());
        };
        return Json.read(resource.data(), shape);
    }
}
