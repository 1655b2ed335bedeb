package holdfast.authority;

import holdfast.core.CloudServer;
import holdfast.core.CloudSupply;
import holdfast.core.Wanted;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A driver for an account at a cloud, which has hosts and sizes of its own, and which others use beside us. What is
/// ours bears a mark with the provider's id, so that two servers that share an account leave each other's things alone.
public interface Cloud extends Driver, AutoCloseable {
    /// Whether somebody is there who speaks as this driver expects. Who we are is not tried.
    ///
    /// @return who answered, in words
    default Look<String> greet() {
        return switch (discover()) {
            case Look.Seen<CloudSupply> _, Look.Denied<CloudSupply> _ -> new Look.Seen<>(describe());
            case Look.Away<CloudSupply>(var why, var again) -> new Look.Away<>(why, again);
        };
    }

    /// All that it has; one look, however many calls that takes.
    Look<CloudSupply> discover();

    /// Every server that the account may see, ours and others'; but not what others run in what we hold for them,
    /// since that is counted with it.
    Look<List<CloudServer>> servers();

    /// What [#servers] and [#list] tell, in one look; for those to say better who would ask the cloud twice for it.
    default Look<There> there() {
        return switch (servers()) {
            case Look.Seen<List<CloudServer>>(var servers) -> new Look.Seen<>(new There(servers, list()));
            case Look.Away<List<CloudServer>>(var why, var again) -> new Look.Away<>(why, again);
            case Look.Denied<List<CloudServer>>(var why) -> new Look.Denied<>(why);
        };
    }

    /// What is at an account.
    ///
    /// @param ours everything that was made for a lease, servers or not
    record There(List<CloudServer> servers, List<Key> ours) {}

    /// What else can be had at the account.
    default Optional<CloudThings> things() {
        return Optional.empty();
    }

    /// Tries again what it was refused, as soon as it is asked for something: somebody has mended it.
    default void forgive() {}

    /// Hears from the cloud itself when something has changed there, until it is told to stop. Comes back at once,
    /// and tries again and again, with pauses, while the bus is not there.
    ///
    /// @param password in clear; empty if there is none
    /// @param ear is told from a thread of the driver's
    default Hearing listen(Bus bus, Optional<String> password, Ear ear) {
        ear.hears(Optional.of("this driver has no notifications"));
        return () -> {};
    }

    /// Gives back what it keeps open; it is not used afterwards.
    @Override
    default void close() {}

    /// Listening to a bus; closed, nothing more is told.
    interface Hearing extends AutoCloseable {
        @Override
        void close();
    }

    /// Who listens.
    interface Ear {
        /// Something may have changed. It is a hint and nothing more: it may be lost, doubled, or made up by
        /// somebody.
        ///
        /// @param what in words, for the log
        void changed(String what);

        /// How it stands with listening; told when that changes.
        ///
        /// @param trouble why nothing can be heard; empty while all is well
        void hears(Optional<String> trouble);
    }

    /// What is asked of a cloud.
    sealed interface Order extends Spec {
        /// @param on runs; else it is stopped, and keeps what it has
        record Server(Wanted.Server wanted, boolean on) implements Order {}

        /// On or off as `wanted` says. Facts: `id`, `status` (the provider's word), `addresses` (for the
        /// public, with spaces between).
        record Instance(Wanted.Instance wanted, Way way) implements Order {
            /// What may be done to reach that.
            public enum Way {
                /// Made, and not looked for before: nothing was ever ordered under its key.
                NEW,
                /// Made if it is not there.
                MAKE,
                /// Started or stopped, and never made: some clouds drop what is stopped.
                SWITCH,
                /// Restarted as well. If the outcome of that is not known, it may be restarted twice.
                REBOOT;

                /// Whether it may be made.
                public boolean makes() {
                    return this == NEW || this == MAKE;
                }
            }

            /// How it ends if it is not there and may not be made.
            public Result withoutIt() {
                return wanted.on()
                        ? new Result.Failed("the instance is gone at the provider")
                        : new Result.Done(Map.of("status", "STOPPED"));
            }

            /// In the words of a cloud that knows nothing else.
            public Server server() {
                return new Server(wanted.server(), wanted.on());
            }
        }

        /// A key for the instance of the same lease. Facts: `name`, and `pem` if its private half was told;
        /// none at all where keys are not made.
        ///
        /// @param instance the instance's name
        /// @param first nothing was ever ordered under its key
        /// @param publicKey of a pair that somebody has; empty = a new pair
        record Opener(String instance, boolean first, Optional<String> publicKey) implements Order {
            /// A new pair.
            public Opener(String instance, boolean first) {
                this(instance, first, Optional.empty());
            }
        }

        /// An interface on a network, attached to a server.
        ///
        /// @param network the network's id
        /// @param address a fixed one; empty = as it comes
        record Port(Key server, String network, Optional<String> address) implements Order {}

        record Volume(Wanted.Volume wanted) implements Order {}

        /// A volume in a server.
        record Attachment(Key server, Key volume) implements Order {}

        /// An image of a server as it is now.
        record Snapshot(Key server, String name) implements Order {}

        /// An image of each server in what is held under the key, or of the server of the key, as it is now.
        /// They are the project's: nobody takes them away. What is there of a round is not made again.
        ///
        /// @param round tells one wish for images from the next
        /// @param prefix before the name of the server
        record Images(long round, String prefix) implements Order {}

        /// What keeps something for a project.
        ///
        /// @param open the project may use it now; else nobody may
        record Held(Wanted.Hold wanted, boolean open) implements Order {}
    }

    /// What a look brought.
    sealed interface Look<T> {
        record Seen<T>(T what) implements Look<T> {}

        /// Nothing is known now; it may be another time.
        ///
        /// @param again how long it wants to be left alone, if it said so
        record Away<T>(String why, Optional<Duration> again) implements Look<T> {}

        /// It does not let us in with what we have: asking again soon does not help, and may lock us out.
        record Denied<T>(String why) implements Look<T> {}
    }
}
