package holdfast.protocol;

import holdfast.core.CloudServer;
import holdfast.core.Demand;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.core.SliverId;
import holdfast.core.Wanted;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// One thing that an actor says to another (fabric.md 5.2). Each may arrive late, twice or out of order; the receiver
/// judges it by the state of its subject.
public sealed interface Message {
    /// What it is about; order is kept among messages on one subject.
    UUID subject();

    /// Orchestrator to broker: promise me this.
    record TicketRequest(SliverId sliver, SliceInfo slice, Demand demand, Interval term) implements Message {
        @Override
        public UUID subject() {
            return sliver.value();
        }
    }

    /// Broker to orchestrator: the promise, or why not. Exactly one of the two is there.
    record UpdateTicket(SliverId sliver, Optional<Ticket> ticket, Optional<Refusal> refusal) implements Message {
        @Override
        public UUID subject() {
            return sliver.value();
        }
    }

    /// Orchestrator to broker: I no longer need what you promised.
    record Relinquish(SliverId sliver) implements Message {
        @Override
        public UUID subject() {
            return sliver.value();
        }
    }

    /// Orchestrator to authority: make this promise real.
    record Redeem(SliverId sliver, SliceInfo slice, Ticket ticket) implements Message {
        @Override
        public UUID subject() {
            return sliver.value();
        }
    }

    /// Orchestrator to authority: take it down.
    record Close(SliverId sliver) implements Message {
        @Override
        public UUID subject() {
            return sliver.value();
        }
    }

    /// Authority to orchestrator and broker: how the lease stands.
    ///
    /// @param sequence counts the lease's updates from 1; one with a smaller number than the last seen is old news
    record UpdateLease(
            SliverId sliver, long sequence, State state, Optional<LeaseInfo> lease, Optional<Refusal> refusal)
            implements Message {
        /// `PREPARED`: what is held is kept from others, its term has not begun. `LOST`: it was there and went
        /// away by itself. `CLOSE_FAILED`: the term is over but something of it is still there, and stays
        /// blocked until an operator looks.
        public enum State {
            PREPARED,
            ACTIVE,
            LOST,
            FAILED,
            CLOSED,
            CLOSE_FAILED
        }

        @Override
        public UUID subject() {
            return sliver.value();
        }
    }

    /// Broker to authority: give me the delegation of this name that you hold for me.
    record ClaimDelegation(UUID claim, String delegation) implements Message {
        @Override
        public UUID subject() {
            return claim;
        }
    }

    /// Authority to broker: what it may promise, as the GraphML of the advertisement cut down to one delegation, or
    /// why not.
    record UpdateDelegation(UUID claim, UUID delegation, String name, Optional<String> graph, Optional<Refusal> refusal)
            implements Message {
        @Override
        public UUID subject() {
            return claim;
        }
    }

    /// Broker to authority: take the delegation back.
    record ReclaimDelegation(UUID claim, UUID delegation) implements Message {
        @Override
        public UUID subject() {
            return claim;
        }
    }

    /// Orchestrator to broker: what is there, and how much of it is free in that time?
    ///
    /// @param level of detail: 0, 1 or 2 (fabric.md 6.6)
    record Query(UUID query, int level, Interval when) implements Message {
        @Override
        public UUID subject() {
            return query;
        }
    }

    /// Broker to orchestrator: the query model as GraphML.
    record QueryResult(UUID query, int level, Optional<String> model, Optional<Refusal> refusal) implements Message {
        @Override
        public UUID subject() {
            return query;
        }
    }

    /// Broker to the authority of clouds: make this there, for that time. Answered by [UpdateLease]; ended by
    /// [Close] or by the end of the term.
    ///
    /// @param provider the resource of type `provider`
    record Provide(SliverId sliver, SliceInfo slice, UUID provider, Interval term, Wanted wanted) implements Message {
        @Override
        public UUID subject() {
            return sliver.value();
        }
    }

    /// Broker to the authority of clouds: make it so instead.
    ///
    /// @param revision counts the amendments of a sliver from 1; an older one than the last seen is old news
    record Amend(SliverId sliver, long revision, Interval term, Wanted wanted) implements Message {
        @Override
        public UUID subject() {
            return sliver.value();
        }
    }

    /// The authority of clouds to broker: that amendment is done, or why it is not and all is as it was.
    record Amended(SliverId sliver, long revision, Optional<Refusal> refusal) implements Message {
        @Override
        public UUID subject() {
            return sliver.value();
        }
    }

    /// Broker to the authority of clouds: keep the servers in it as images, since it ends soon. Answered by
    /// [Preserved].
    ///
    /// @param round tells one wish from the next for the same sliver; one that comes twice has its effect once
    record Preserve(SliverId sliver, long round) implements Message {
        @Override
        public UUID subject() {
            return sliver.value();
        }
    }

    /// The authority of clouds to broker: which images there are now, and why not all if some could not be made.
    ///
    /// @param images their names
    record Preserved(SliverId sliver, long round, List<String> images, Optional<Refusal> refusal) implements Message {
        public Preserved {
            images = List.copyOf(images);
        }

        @Override
        public UUID subject() {
            return sliver.value();
        }
    }

    /// The authority of clouds to broker: what a provider has.
    ///
    /// @param sequence counts the looks at a provider; one with a smaller number than the last seen is old news
    /// @param offer empty = it was taken out
    record UpdateSupply(UUID provider, long sequence, Optional<Offer> offer) implements Message {
        @Override
        public UUID subject() {
            return provider;
        }
    }

    /// The authority of clouds to broker: the servers there that nobody asked for here, and those that users made
    /// themselves in what is kept for them.
    ///
    /// @param sequence as in [UpdateSupply]
    record Drift(UUID provider, long sequence, List<CloudServer> unknown) implements Message {
        public Drift {
            unknown = List.copyOf(unknown);
        }

        @Override
        public UUID subject() {
            return provider;
        }
    }
}
