package holdfast.protocol;

import holdfast.core.Capacities;
import holdfast.core.CloudServer;
import holdfast.core.Demand;
import holdfast.core.HardwareProfile;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.core.SliverId;
import holdfast.core.Wanted;
import holdfast.protocol.rear.Selector;
import holdfast.protocol.rear.Vector;
import holdfast.protocol.rear.Wish;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// One thing that an actor says to another (fabric.md 5.2). Each may arrive late, twice or out of order; the receiver
/// judges it by the state of its subject.
public sealed interface Message {
    /// What it is about; order is kept among messages on one subject.
    UUID subject();

    /// What is about a sliver.
    sealed interface OfSliver extends Message {
        SliverId sliver();

        @Override
        default UUID subject() {
            return sliver().value();
        }
    }

    /// What is about a contract.
    sealed interface OfContract extends Message {
        UUID contract();

        @Override
        default UUID subject() {
            return contract();
        }
    }

    /// What a broker takes.
    sealed interface ToBroker extends Message {}

    /// What an orchestrator takes.
    sealed interface ToOrchestrator extends Message {}

    /// What the authority of a site takes.
    sealed interface ToAuthority extends Message {}

    /// What the authority of a cluster takes beside that.
    sealed interface ToCluster extends Message {}

    /// What the authority of clouds takes.
    sealed interface ToClouds extends Message {}

    /// What deals with other domains takes.
    sealed interface ToFederation extends Message {}

    /// What keeps instances takes.
    sealed interface ToInstances extends Message {}

    /// What keeps deployments of instances takes.
    sealed interface ToDeployments extends Message {}

    /// What makes services in clusters takes.
    sealed interface ToServices extends Message {}

    /// Orchestrator to broker: promise me this.
    ///
    /// @param attempt counts the requests for one sliver from 1; one that was refused may be asked for elsewhere
    record TicketRequest(SliverId sliver, SliceInfo slice, Demand demand, Interval term, int attempt)
            implements OfSliver, ToBroker {}

    /// Broker to orchestrator: the promise, or why not. Exactly one of the two is there.
    ///
    /// @param attempt which request is answered
    record UpdateTicket(SliverId sliver, int attempt, Optional<Ticket> ticket, Optional<Refusal> refusal)
            implements OfSliver, ToOrchestrator {}

    /// Orchestrator to broker: I no longer need what you promised.
    record Relinquish(SliverId sliver) implements OfSliver, ToBroker {}

    /// Orchestrator to authority: make this promise real.
    record Redeem(SliverId sliver, SliceInfo slice, Ticket ticket) implements OfSliver, ToAuthority {}

    /// Orchestrator to authority: take it down.
    record Close(SliverId sliver) implements OfSliver, ToAuthority, ToClouds {}

    /// Authority to orchestrator and broker: how the lease stands.
    ///
    /// @param sequence counts the lease's updates from 1; one with a smaller number than the last seen is old news
    /// @param refusal why it is over; of one that is `ACTIVE`, what is wrong with it for the time being
    record UpdateLease(
            SliverId sliver, long sequence, State state, Optional<LeaseInfo> lease, Optional<Refusal> refusal)
            implements OfSliver, ToOrchestrator, ToBroker, ToInstances {
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
    }

    /// Broker to authority: give me the delegation of this name that you hold for me.
    record ClaimDelegation(UUID claim, String delegation) implements ToAuthority {
        @Override
        public UUID subject() {
            return claim;
        }
    }

    /// Authority to broker: what it may promise, as the GraphML of the advertisement cut down to one delegation, or
    /// why not.
    ///
    /// @param term when it may be used, if not until it is taken back: that of a contract
    record UpdateDelegation(
            UUID claim,
            UUID delegation,
            String name,
            Optional<Interval> term,
            Optional<String> graph,
            Optional<Refusal> refusal)
            implements ToBroker {
        @Override
        public UUID subject() {
            return claim;
        }
    }

    /// Broker to authority: take the delegation back.
    record ReclaimDelegation(UUID claim, UUID delegation) implements ToAuthority {
        @Override
        public UUID subject() {
            return claim;
        }
    }

    /// Orchestrator to broker: what is there, and how much of it is free in that time?
    ///
    /// @param level of detail: 0, 1 or 2 (fabric.md 6.6)
    record Query(UUID query, int level, Interval when) implements ToBroker {
        @Override
        public UUID subject() {
            return query;
        }
    }

    /// Broker to orchestrator: the query model as GraphML.
    record QueryResult(UUID query, int level, Optional<String> model, Optional<Refusal> refusal)
            implements ToOrchestrator {
        @Override
        public UUID subject() {
            return query;
        }
    }

    /// Broker to the authority of clouds: make this there, for that time. Answered by [UpdateLease]; ended by
    /// [Close] or by the end of the term.
    ///
    /// @param provider the resource of type `provider`
    record Provide(SliverId sliver, SliceInfo slice, UUID provider, Interval term, Wanted wanted)
            implements OfSliver, ToClouds {}

    /// Broker to the authority of clouds: make it so instead.
    ///
    /// @param revision counts the amendments of a sliver from 1; an older one than the last seen is old news
    record Amend(SliverId sliver, long revision, Interval term, Wanted wanted) implements OfSliver, ToClouds {}

    /// The authority of clouds to broker: that amendment is done, or why it is not and all is as it was.
    record Amended(SliverId sliver, long revision, Optional<Refusal> refusal)
            implements OfSliver, ToBroker, ToInstances {}

    /// Instances to whoever chooses accounts: where can these be made, all at one account? Answered by [Placed].
    ///
    /// @param launch of the instance, or of the deployment whose parts they are
    /// @param round counts the requests for one launch from 1
    /// @param realm id of a front-end realm
    /// @param driver only accounts at this type of providers will do
    /// @param tied accounts that own something which is named; none = any
    /// @param tried what need not be tried again
    /// @param seed of the draw among those that will do
    record Place(
            UUID launch,
            int round,
            UUID pool,
            Optional<UUID> realm,
            Optional<String> driver,
            Set<UUID> tied,
            List<Sought> sought,
            List<Match> tried,
            long seed)
            implements Message {
        public Place {
            tied = Set.copyOf(tied);
            sought = List.copyOf(sought);
            tried = List.copyOf(tried);
        }

        @Override
        public UUID subject() {
            return launch;
        }

        /// @param profile what is asked for, already narrowed
        /// @param images what its image is at each account where it can be used
        /// @param features what the account must take beside, such as `user_data`
        public record Sought(
                UUID instance, String name, HardwareProfile profile, Map<UUID, String> images, Set<String> features) {
            public Sought {
                images = Map.copyOf(images);
                features = features == null ? Set.of() : Set.copyOf(features); // sent before there were any
            }
        }
    }

    /// The answer: there, or why nowhere. What is placed is counted at its account.
    ///
    /// @param matches in the order of what was sought; none if there is a refusal
    record Placed(UUID launch, int round, List<Match> matches, Optional<Refusal> refusal)
            implements ToInstances, ToDeployments {
        public Placed {
            matches = List.copyOf(matches);
        }

        @Override
        public UUID subject() {
            return launch;
        }
    }

    /// Instances to deployments: something of an instance that is a part of it is otherwise than before.
    record PartChanged(UUID deployment) implements ToDeployments {
        @Override
        public UUID subject() {
            return deployment;
        }
    }

    /// Broker to the authority of clouds: keep the servers in it as images, since it ends soon. Answered by
    /// [Preserved].
    ///
    /// @param round tells one wish from the next for the same sliver; one that comes twice has its effect once
    record Preserve(SliverId sliver, long round) implements OfSliver, ToClouds {}

    /// The authority of clouds to broker: which images there are now, and why not all if some could not be made.
    ///
    /// @param images their names
    record Preserved(SliverId sliver, long round, List<String> images, Optional<Refusal> refusal)
            implements OfSliver, ToBroker {
        public Preserved {
            images = List.copyOf(images);
        }
    }

    /// The authority of clouds to broker: what a provider has.
    ///
    /// @param sequence counts the looks at a provider; one with a smaller number than the last seen is old news
    /// @param offer empty = it was taken out
    record UpdateSupply(UUID provider, long sequence, Optional<Offer> offer) implements ToBroker {
        @Override
        public UUID subject() {
            return provider;
        }
    }

    /// The authority of clouds to broker: the servers there that nobody asked for here, and those that users made
    /// themselves in what is kept for them.
    ///
    /// @param sequence as in [UpdateSupply]
    record Drift(UUID provider, long sequence, List<CloudServer> unknown) implements ToBroker {
        public Drift {
            unknown = List.copyOf(unknown);
        }

        @Override
        public UUID subject() {
            return provider;
        }
    }

    /// Broker to authority: let somebody else promise this part of a host (fluidos.md 4.6). It becomes a delegation
    /// that is called after the contract; what comes of it is told by [Lending].
    record Lend(UUID contract, Loan loan) implements OfContract, ToAuthority {}

    /// Authority to the broker that lends: how it stands.
    ///
    /// @param refusal why it was ended, if nobody asked for that; why it is stuck
    record Lending(UUID contract, Phase phase, Optional<Refusal> refusal) implements OfContract, ToBroker {
        /// In this order. `STUCK`: it is over, but something of a lease is still there and stays blocked until
        /// an operator looks.
        public enum Phase {
            LENT,
            CLAIMED,
            STUCK,
            ENDED
        }
    }

    /// Broker to authority: the contract is over; close what was made under it.
    record Unlend(UUID contract) implements OfContract, ToAuthority {}

    /// Broker to who makes services: make one for a contract (fluidos.md 4.5). What cannot be made is told by
    /// [Lending], as ended.
    ///
    /// @param title what the contract is called
    /// @param order a [ServiceOrder], sealed for the field of that name of the contract
    record Deploy(UUID contract, String title, String order) implements OfContract, ToServices {
        /// The field.
        public static final String ORDER = "order";
    }

    /// Broker to who makes services: the contract is over; leave nothing of it.
    record Undeploy(UUID contract) implements OfContract, ToServices {}

    /// Federation to broker: claim what was bought, and promise it to a project as a site of its own. Answered by
    /// [Borrowed].
    ///
    /// @param authority who lends
    /// @param delegation what it is called there
    /// @param site code that the borrowed host gets here
    /// @param project who may use it
    record Borrow(UUID contract, String authority, String delegation, String site, String project)
            implements OfContract, ToBroker {}

    /// Broker to federation: there it is, or why not. Exactly one of the two is there.
    ///
    /// @param granted what was really lent
    record Borrowed(UUID contract, Optional<Capacities> granted, Optional<Refusal> refusal)
            implements OfContract, ToFederation {}

    /// Federation to broker: promise nothing more of it.
    record GiveBack(UUID contract) implements OfContract, ToBroker {}

    /// Federation to a cluster of ours: join the seller's cluster, as far as that is not done, and take from it
    /// what was bought (fluidos.md 4.1 step 21). Answered by [Peered].
    ///
    /// @param name what both sides call the contract
    /// @param credentials of the seller's cluster, as they are sealed in the contract
    record Peer(UUID contract, String name, Vector amounts, Interval term, String credentials)
            implements OfContract, ToCluster {}

    /// A cluster of ours to federation: how it stands with what was bought elsewhere.
    ///
    /// @param refusal why it failed, or what is left of it
    record Peered(UUID contract, Standing standing, Optional<Refusal> refusal) implements OfContract, ToFederation {
        /// `UP`: its node takes work. `GONE`: nothing of it is left here.
        public enum Standing {
            UP,
            FAILED,
            GONE
        }
    }

    /// Broker to a cluster of ours: make anew what lets the buyer of a part of it in (fluidos.md 5.9.6). What it
    /// has is good for ten minutes yet.
    record Readmit(UUID contract) implements OfContract, ToCluster {}

    /// Federation to a cluster of ours: its contract is over; drain it and let it go.
    record Unpeer(UUID contract) implements OfContract, ToCluster {}

    /// Orchestrator to federation: there is no room here for this; find some elsewhere. Answered by [Acquired].
    ///
    /// @param attempt the [TicketRequest] that was refused; what was acquired after an earlier one is of no use
    /// @param wish what is wanted of it beside the amounts
    record Acquire(SliverId sliver, SliceInfo slice, Demand demand, Interval term, int attempt, Wish wish)
            implements OfSliver, ToFederation {}

    /// Federation to orchestrator: ask for it at this site, or why there is none. Exactly one of the two is there.
    ///
    /// @param attempt as in [Acquire]
    record Acquired(SliverId sliver, int attempt, Optional<String> site, Optional<Refusal> refusal)
            implements OfSliver, ToOrchestrator {}

    /// Federation to orchestrator: when something should begin that may wait, as it was asked by an [Acquire] whose
    /// wish names the latest time.
    ///
    /// @param what the sliver that the question named
    /// @param at when it emits the least
    /// @param away whether others forecast that; if not, nobody knows, and it may as well begin here and now
    /// @param why for people
    record BeginAt(SliverId what, Instant at, boolean away, String why) implements ToOrchestrator {
        @Override
        public UUID subject() {
            return what.value();
        }
    }

    /// Federation to orchestrator: what was acquired for it is not as it was promised, and that is no passing
    /// trouble.
    record Violated(SliverId sliver, Refusal why) implements OfSliver, ToOrchestrator {}

    /// Orchestrator to federation: buy a service for an intent (fluidos.md 2.10). Answered by [Procured].
    ///
    /// @param intent all that is bought for one is given up at once, by a [GiveUp] of its id
    /// @param part what the service is called in it
    /// @param project for which it is bought
    record Procure(UUID intent, String part, String project, Selector selector, Interval term, Wish wish)
            implements ToFederation {
        @Override
        public UUID subject() {
            return intent;
        }
    }

    /// Federation to orchestrator: the service was bought, or why there is none. Exactly one of the two is there.
    /// Told once more, with a reason, if its contract is over.
    ///
    /// @param part as in [Procure]
    record Procured(UUID intent, String part, Optional<Demand.Service> service, Optional<Refusal> refusal)
            implements ToOrchestrator {
        @Override
        public UUID subject() {
            return intent;
        }
    }

    /// Orchestrator to federation: what was acquired for it is no longer needed.
    ///
    /// @param broken what its lender did not keep, if that is why
    record GiveUp(SliverId sliver, Optional<Refusal> broken) implements OfSliver, ToFederation {
        /// Of which nothing ill is said.
        public GiveUp(SliverId sliver) {
            this(sliver, Optional.empty());
        }

        @SuppressWarnings("NullAway") // what was said before there was a reason has none
        public GiveUp {
            broken = Objects.requireNonNullElse(broken, Optional.empty());
        }
    }
}
