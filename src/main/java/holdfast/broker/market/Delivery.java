package holdfast.broker.market;

import holdfast.platform.Tx;
import holdfast.protocol.rear.Contract;
import java.util.Optional;
import java.util.UUID;

/// How what is sold and is no part of a host gets to its buyer: a service is made for each contract.
public interface Delivery {
    /// Of what needs none.
    Delivery NONE = new Delivery() {
        @Override
        public Optional<String> kept(UUID contract, Contract.Ask ask) {
            return Optional.empty();
        }

        @Override
        public Contract plain(String key, Contract contract) {
            return contract;
        }

        @Override
        public Optional<Contract.Credentials> way(Tx tx, UUID contract, Agreement agreement) {
            return Optional.empty();
        }

        @Override
        public Optional<String> by() {
            return Optional.empty();
        }

        @Override
        public void begin(Tx tx, UUID contract, Agreement agreement) {}

        @Override
        public void end(Tx tx, UUID contract, Agreement agreement) {}
    };

    /// What of a purchase is needed for it, sealed.
    Optional<String> kept(UUID contract, Contract.Ask ask);

    /// The contract as its buyer knows it, with everything that is kept sealed here.
    ///
    /// @param key of the buyer
    Contract plain(String key, Contract contract);

    /// How its buyer gets at it: always the same. Told to nobody else.
    Optional<Contract.Credentials> way(Tx tx, UUID contract, Agreement agreement);

    /// Who makes it, and may say that it cannot be made.
    Optional<String> by();

    /// The contract counts from now on.
    void begin(Tx tx, UUID contract, Agreement agreement);

    /// It is over. Told twice is once.
    void end(Tx tx, UUID contract, Agreement agreement);
}
