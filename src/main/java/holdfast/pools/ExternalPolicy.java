package holdfast.pools;

import holdfast.core.Refusal;
import java.io.IOException;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// A service of the operator that has a say in what is reserved (promise.md 5.5).
public interface ExternalPolicy {
    /// Nobody has a say.
    ExternalPolicy NONE = new ExternalPolicy() {
        @Override
        public boolean hears(Moment moment) {
            return false;
        }

        @Override
        public Optional<Refusal> objection(PolicyQuestion question) {
            return Optional.empty();
        }

        @Override
        public void tell(JsonNode ended) {}
    };

    /// What it may hear of.
    enum Moment {
        /// Something is to be reserved.
        CREATE,
        /// A reservation is to be changed.
        UPDATE,
        /// A reservation is over, or is given up.
        END
    }

    /// Whether it wants to hear of this.
    boolean hears(Moment moment);

    /// Asks it. This may take some seconds, so it must not be done in a transaction.
    ///
    /// @return why it is not to be; empty if the policy agrees
    Optional<Refusal> objection(PolicyQuestion question);

    /// Tells it what has ended; the same may be told more than once.
    ///
    /// @param ended body of a [PolicyQuestion]
    /// @throws IOException if it has not been taken
    void tell(JsonNode ended) throws IOException, InterruptedException;
}
