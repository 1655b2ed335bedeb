package holdfast.protocol.rear;

import java.util.List;
import java.util.Optional;

/// What changes of what somebody sells, as those are told who subscribed (fluidos.md 5.9).
public sealed interface MarketEvent {
    /// As it is told at home: the type of the notice.
    String type();

    /// Something is listed now that was not, or other amounts or another price of it.
    ///
    /// @param flavor as it is listed
    /// @param before what was listed before in its place, under this name or another; empty: nothing
    /// @param source whose it is; empty: our own
    record Refreshed(Flavor flavor, Optional<Flavor> before, Optional<Source> source) implements MarketEvent {
        public static final String TYPE = "flavor.refreshed";

        @Override
        public String type() {
            return TYPE;
        }
    }

    /// Something is listed no more.
    ///
    /// @param flavor as it was listed last
    /// @param message for people
    /// @param source whose it is; empty: our own
    record Withdrawn(Flavor flavor, Code code, String message, Optional<Source> source) implements MarketEvent {
        public static final String TYPE = "flavor.withdrawn";

        @Override
        public String type() {
            return TYPE;
        }
    }

    /// A contract is in another state, or ends at another time.
    ///
    /// @param key of its buyer
    record Contracted(String contract, ContractCourse state, String key) implements MarketEvent {
        public static final String TYPE = "contract.changed";

        @Override
        public String type() {
            return TYPE;
        }
    }

    /// All types of notices.
    List<String> TYPES = List.of(Refreshed.TYPE, Withdrawn.TYPE, Contracted.TYPE);

    /// Why something is listed no more.
    enum Code {
        /// What is left of it is listed under another name.
        REPLACED,
        /// Nothing is left of it that could be sold; it may come back.
        SOLD,
        /// Its operator took it back.
        WITHDRAWN,
        /// Nobody kept it up to date.
        EXPIRED;

        public static Optional<Code> of(String word) {
            return List.of(values()).stream()
                    .filter(code -> code.name().equalsIgnoreCase(word))
                    .findFirst();
        }
    }

    /// Who is behind what is offered again.
    ///
    /// @param node its id; empty if it is not known
    /// @param provider as rules of the domain call it
    record Source(Optional<String> node, String provider) {}
}
