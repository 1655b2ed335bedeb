package holdfast.authority;

import holdfast.core.CloudServer;
import holdfast.core.CloudSupply;
import holdfast.core.Wanted;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A driver for an account at a cloud, which has hosts and sizes of its own, and which others use beside us. What is
/// ours bears a mark with the provider's id, so that two servers that share an account leave each other's things alone.
public interface Cloud extends Driver, AutoCloseable {
    /// All that it has; one look, however many calls that takes.
    Look<CloudSupply> discover();

    /// Every server that the account may see, ours and others'; but not what others run in what we hold for them,
    /// since that is counted with it.
    Look<List<CloudServer>> servers();

    /// Tries again what it was refused, as soon as it is asked for something: somebody has mended it.
    default void forgive() {}

    /// Gives back what it keeps open; it is not used afterwards.
    @Override
    default void close() {}

    /// What is asked of a cloud.
    sealed interface Order extends Spec {
        /// @param on runs; else it is stopped, and keeps what it has
        record Server(Wanted.Server wanted, boolean on) implements Order {}

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
