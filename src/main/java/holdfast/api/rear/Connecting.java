package holdfast.api.rear;

import holdfast.api.Connections;
import holdfast.authority.Authority;
import holdfast.authority.Lease;
import holdfast.broker.market.Agreement;
import holdfast.core.Copies;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.federation.mail.Abroad;
import holdfast.platform.Database;
import holdfast.platform.HttpReply;
import holdfast.platform.Tx;
import holdfast.protocol.rear.Contract;
import holdfast.protocol.rear.ContractCourse;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/// `GET contracts/{id}/connect/{sliver}?port=` as a WebSocket: a connection to a machine that runs under a contract,
/// for who shows the secret of the contract, while that lives (fluidos.md A26).
final class Connecting {
    private static final Pattern ID =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");
    private static final Pattern PORT = Pattern.compile("[1-9]\\d{0,4}");
    private static final int LAST_PORT = 65_535;

    private final Database database;
    private final Resources resources;
    private final ContractKey key;
    private final Gateway.Machines machines;

    Connecting(Database database, Resources resources, ContractKey key, Gateway.Machines machines) {
        this.database = database;
        this.resources = resources;
        this.key = key;
        this.machines = machines;
    }

    /// @param contract ours
    private record Found(Resource contract, Resource lease) {}

    HttpReply.Tunnel open(Asked asked) {
        int port = port(asked);
        var found = database.inTransaction(tx -> found(tx, asked));
        var lease = found.lease();
        var who = found.contract().as(Agreement.class).key();
        try (var place = machines.connections().place(lease.id()).orElseThrow(Connecting::crowded)) {
            var far = machines.reach().connect(lease, port).orThrow();
            var about = new Connections.About(lease, who, port);
            return new HttpReply.Tunnel(
                    place.fill(far, about, () -> over(found, lease.state())), Map.of(), Connections.IDLE);
        }
    }

    static RearProblem crowded() {
        return RearProblem.of(429, Connections.crowded()).with("retry-after", "5");
    }

    static RearProblem over(Resource contract) {
        return RearProblem.of(410, "the contract is " + contract.state() + ": connections are for contracts that live");
    }

    static int port(Asked asked) {
        var text = asked.parameter("port").orElse("");
        int port = PORT.matcher(text).matches() ? Integer.parseInt(text) : 0;
        if (port < 1 || port > LAST_PORT) {
            throw RearProblem.malformed("port", "port must be a whole number from 1 to 65535, such as port=22");
        }
        return port;
    }

    private Found found(Tx tx, Asked asked) {
        var contract = key.opened(tx, asked);
        if (!isLive(contract)) {
            throw over(contract);
        }
        var sliver = asked.call().path().getLast();
        return Optional.of(sliver)
                .filter(text -> ID.matcher(text).matches())
                .flatMap(text -> lease(tx, contract, UUID.fromString(text)))
                .map(lease -> new Found(contract, lease))
                .orElseThrow(() -> RearProblem.of(
                        404,
                        "nothing runs under contract " + asked.name()
                                + " for a sliver of that id: connect to one that was redeemed under it"));
    }

    /// What was asked for under that contract, and no other.
    private Optional<Resource> lease(Tx tx, Resource contract, UUID sliver) {
        return Optional.ofNullable(
                        contract.as(Agreement.class).contract().extra().get(Contract.AUTHORITY))
                .flatMap(authority -> resources.find(tx, Copies.id(authority, sliver)))
                .filter(found -> found.type().equals(Authority.LEASE))
                .filter(found -> Abroad.contract(found.as(Lease.class).asker()).equals(Optional.of(contract.id())));
    }

    static boolean isLive(Resource contract) {
        return ContractCourse.of(contract.state()).isLive();
    }

    private Optional<String> over(Found found, String state) {
        return database.inTransaction(tx -> {
            var contract = resources.find(tx, found.contract().id());
            if (contract.filter(Connecting::isLive).isEmpty()) {
                return Optional.of(
                        "the contract is " + contract.map(Resource::state).orElse("gone"));
            }
            return resources
                    .find(tx, found.lease().id())
                    .filter(lease -> !lease.state().equals(state))
                    .map(lease -> "the machine is " + lease.state());
        });
    }
}
