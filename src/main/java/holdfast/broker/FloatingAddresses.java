package holdfast.broker;

import static holdfast.db.Tables.FLOATING_ADDRESS;

import holdfast.platform.Tx;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.Record;
import org.jooq.impl.DSL;

/// The addresses that may be reserved, as they are written down. Each is a unit of the place of its network.
final class FloatingAddresses {
    void insert(Tx tx, AddressRegister.Address address) {
        tx.sql()
                .insertInto(FLOATING_ADDRESS)
                .set(FLOATING_ADDRESS.ID, address.id())
                .set(FLOATING_ADDRESS.PROVIDER, address.provider())
                .set(FLOATING_ADDRESS.NETWORK, address.network())
                .set(FLOATING_ADDRESS.SUBNET, address.subnet())
                .set(FLOATING_ADDRESS.ADDRESS, address.address())
                .set(FLOATING_ADDRESS.PLACE, address.place())
                .set(FLOATING_ADDRESS.UNIT, address.unit())
                .set(FLOATING_ADDRESS.CREATED, address.created())
                .execute();
    }

    void delete(Tx tx, UUID id) {
        tx.sql().deleteFrom(FLOATING_ADDRESS).where(FLOATING_ADDRESS.ID.eq(id)).execute();
    }

    /// All of them, the oldest first.
    List<AddressRegister.Address> all(Tx tx) {
        return fetch(tx, DSL.noCondition());
    }

    Optional<AddressRegister.Address> find(Tx tx, UUID id) {
        return fetch(tx, FLOATING_ADDRESS.ID.eq(id)).stream().findFirst();
    }

    Optional<AddressRegister.Address> at(Tx tx, String unit) {
        return fetch(tx, FLOATING_ADDRESS.UNIT.eq(unit)).stream().findFirst();
    }

    /// Which of these units there are.
    Set<String> there(Tx tx, Collection<String> units) {
        return tx.sql()
                .select(FLOATING_ADDRESS.UNIT)
                .from(FLOATING_ADDRESS)
                .where(FLOATING_ADDRESS.UNIT.eq(DSL.any(units.toArray(String[]::new))))
                .fetchSet(FLOATING_ADDRESS.UNIT);
    }

    /// The units of these networks, by place; of a network that has none there is nothing.
    Map<String, List<String>> units(Tx tx, Collection<String> networks) {
        return tx.sql()
                .select(FLOATING_ADDRESS.PLACE, FLOATING_ADDRESS.UNIT)
                .from(FLOATING_ADDRESS)
                .where(FLOATING_ADDRESS.PLACE.eq(DSL.any(networks.toArray(String[]::new))))
                .fetchGroups(FLOATING_ADDRESS.PLACE, FLOATING_ADDRESS.UNIT);
    }

    private static List<AddressRegister.Address> fetch(Tx tx, Condition which) {
        return tx.sql()
                .selectFrom(FLOATING_ADDRESS)
                .where(which)
                .orderBy(FLOATING_ADDRESS.CREATED, FLOATING_ADDRESS.ID)
                .fetch(FloatingAddresses::read);
    }

    private static AddressRegister.Address read(Record row) {
        return new AddressRegister.Address(
                row.get(FLOATING_ADDRESS.ID),
                row.get(FLOATING_ADDRESS.PROVIDER),
                row.get(FLOATING_ADDRESS.NETWORK),
                row.get(FLOATING_ADDRESS.SUBNET),
                row.get(FLOATING_ADDRESS.ADDRESS),
                row.get(FLOATING_ADDRESS.CREATED));
    }
}
