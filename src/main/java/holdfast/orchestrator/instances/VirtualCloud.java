package holdfast.orchestrator.instances;

import holdfast.core.Answer;
import holdfast.core.Caller;
import holdfast.core.HardwareProfile;
import holdfast.core.Refusal;
import holdfast.pools.clouds.BrokerImage;
import holdfast.pools.clouds.CloudPool;
import holdfast.pools.clouds.FrontendRealm;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/// A pool as a cloud of its own, as one caller sees it: what is shown by the interfaces of clouds (aeolus.md 2.10).
/// Reads look at our own store and never at a provider.
public interface VirtualCloud {
    CloudPool pool();

    /// By name; `available` if any of its targets is.
    List<Realm> realms();

    /// Front-end profiles, smallest first.
    List<HardwareProfile> profiles();

    /// Where those are made and changed.
    ProfileDesk profileDesk();

    List<BrokerImage> images();

    Optional<BrokerImage> image(String id);

    /// Those that `which` selects, in the order of creation, read page by page while they are taken: they are never
    /// held all at once, and between two pages no transaction is open.
    ///
    /// @param offset so many of them are left out at the beginning
    /// @param limit at most so many follow
    Stream<InstanceView> instances(InstanceFilter which, int offset, int limit);

    /// The same in another order. Only the ids of all are held, and what has gone meanwhile is left out.
    Stream<InstanceView> sorted(InstanceFilter which, InstanceOrder order, int offset, int limit);

    /// How many there are.
    int count(InstanceFilter which);

    Optional<InstanceView> instance(UUID id);

    /// One instance, as [#launch(Launch, int)].
    default Answer<InstanceView> launch(Launch launch) {
        return launch(launch, 1).map(List::getFirst);
    }

    /// All of so many alike, or none (aeolus.md 4.2, 6.5).
    ///
    /// @param count from 1; of several each has its number behind its name
    /// @return the instances, new; NOT_THERE for an unknown image or realm, MALFORMED for an unknown profile or
    ///     size,
    ///     NOT_YOURS without the right or if all accounts refuse for want of quota or rights, CLASH if no account
    ///     will
    ///     do, with all reasons
    Answer<List<InstanceView>> launch(Launch launch, int count);

    /// Starts, stops, reboots or destroys one. Destroying what runs stops it first.
    ///
    /// @return as it is now; NOT_THERE, NOT_YOURS, CLASH if its state does not allow it or a task is open
    Answer<InstanceView> act(UUID id, Action action);

    /// Changes what is the user's own of it.
    ///
    /// @param version that was read; empty = any
    Answer<InstanceView> edit(UUID id, Edit edit, Optional<Long> version);

    /// Waits until the last task of an instance is over, or until it has waited so long.
    ///
    /// @return as it is then; empty if it is gone
    Optional<InstanceView> settled(UUID id, Duration most);

    /// The last tasks in the pool, newest first; of one instance, if it is named.
    List<TaskView> tasks(Optional<UUID> instance, int limit);

    Optional<TaskView> task(UUID id);

    /// What happened to an instance, oldest first.
    List<EventView> events(UUID instance, int limit);

    /// @param available whether instances can be launched there now
    record Realm(FrontendRealm realm, boolean available) {}

    /// What is empty stays as it is.
    record Edit(
            Optional<String> name, Optional<Optional<String>> description, Optional<Map<String, String>> properties) {}

    /// What leads callers to pools.
    interface Finder {
        /// The pool that a caller means (aeolus.md 5.3.3).
        ///
        /// @param pool name or id; empty = the caller's only one, else the default
        /// @param driver of a type of providers, or `broker`
        Answer<VirtualCloud> find(Caller caller, Optional<String> pool, String driver);

        /// Names of the pools that a caller may use; without a caller none.
        List<String> pools(Caller caller);

        /// Front-end profiles, for callers who have not said who they are.
        List<HardwareProfile> profiles();

        /// Drivers of all types of providers, in their order, without `broker`.
        List<String> drivers();

        /// @return why there is no such driver
        Optional<Refusal> unknown(String driver);
    }
}
