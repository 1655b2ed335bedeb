package holdfast.federation.wire;

import holdfast.platform.WebClient.Dialled;
import java.time.Duration;

/// The way to other domains: HTTP in life, something that loses and doubles what it carries in simulations.
public interface Wire {
    /// Makes one call and waits for the answer, whatever its status. Never within a transaction.
    ///
    /// @param limit for the whole exchange
    /// @throws NoAnswer if none came
    Reply call(Endpoint to, Call call, Duration limit) throws NoAnswer;

    /// Asks for a connection on which bytes go both ways. Never within a transaction.
    ///
    /// @param limit until it is open
    /// @throws NoAnswer if no answer came
    default Dialled dial(Endpoint to, Call call, Duration limit) throws NoAnswer {
        throw new NoAnswer("no connections go this way", false);
    }
}
