package holdfast.api.blazar;

import holdfast.broker.ItemChange;
import holdfast.broker.Places;
import holdfast.broker.Reservation.Part;
import holdfast.broker.choice.BeforeEnd;
import holdfast.broker.choice.Flavor;
import holdfast.broker.choice.Need;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads the change of one reservation of a lease (promise.md 5.4).
record ReservationChangeIn(ReservationIn reservations) {
    private static final Set<String> HOSTS = Set.of("min", "max", "hypervisor_properties", "resource_properties");
    private static final Set<String> INSTANCES =
            Set.of("vcpus", "memory_mb", "disk_gb", "amount", "affinity", "resource_properties");

    private static final Set<String> ADDRESSES = Set.of("network_id", "amount", "required_floatingips");

    /// @param change empty if nothing changes but the words
    /// @param said empty if it is not told in words of its own
    record Asked(Optional<ItemChange> change, Optional<Said.OfReservation> said) {}

    /// @throws BlazarProblem 400, or 409 for what is made of a flavor of the cloud
    Asked read(Fields fields, Part part, Optional<Said.OfReservation> before) {
        var told = before.orElseGet(() -> words(part.item().need()));
        fields.text("resource_type").ifPresent(type -> {
            if (Kind.of(type) != told.type()) {
                throw BlazarProblem.malformed("resource_type is " + told.type().word() + "; it cannot change");
            }
        });
        if (told.type() == Kind.FLAVOR && names(fields, INSTANCES)) {
            throw fixed();
        }
        var said = new Said.OfReservation(
                told.type(),
                fields.text("hypervisor_properties").orElse(told.hypervisorProperties()),
                fields.text("resource_properties").orElse(told.resourceProperties()),
                fields.has("before_end") ? ReservationIn.beforeEnd(fields) : told.beforeEnd());
        return new Asked(
                switch (part.item().need()) {
                    case Need.Hosts _
                    when names(fields, HOSTS) ->
                        Optional.of(hosts(fields, part, told, said).ending(ending(fields, said)));
                    case Need.Hosts _
                    when fields.has("before_end") ->
                        Optional.of(ItemChange.nothing(part.item().id()).ending(ending(fields, said)));
                    case Need.Instances old
                    when names(fields, INSTANCES) -> Optional.of(instances(fields, part, old, told, said));
                    case Need.Addresses old when names(fields, ADDRESSES) -> Optional.of(addresses(fields, part, old));
                    case Need.Hosts _, Need.Instances _, Need.Addresses _, Need.Quantity _, Need.Elements _ ->
                        Optional.empty();
                },
                Optional.of(said));
    }

    private static Optional<BeforeEnd> ending(Fields fields, Said.OfReservation said) {
        return fields.has("before_end") ? Optional.of(ReservationIn.meaning(said.beforeEnd())) : Optional.empty();
    }

    static BlazarProblem fixed() {
        return BlazarProblem.clash("a reservation of a flavor cannot change; delete the lease and ask anew");
    }

    private static boolean names(Fields fields, Set<String> any) {
        var named = new HashSet<>(any);
        named.removeIf(name -> !fields.has(name));
        return !named.isEmpty();
    }

    /// Of what was asked for in another interface.
    private static Said.OfReservation words(Need need) {
        return switch (need) {
            case Need.Hosts hosts ->
                new Said.OfReservation(Kind.HOSTS, hosts.query().text(), "", "");
            case Need.Instances instances ->
                new Said.OfReservation(Kind.INSTANCES, "", instances.query().text(), "");
            case Need.Addresses _ -> new Said.OfReservation(Kind.ADDRESSES, "", "", "");
            case Need.Quantity _, Need.Elements _ ->
                throw BlazarProblem.clash("it was asked for in another interface, where it can be changed");
        };
    }

    private ItemChange hosts(Fields fields, Part part, Said.OfReservation before, Said.OfReservation after) {
        return new ItemChange(
                part.item().id(),
                fields.whole("min", 1, ReservationIn.COUNT),
                fields.whole("max", 1, ReservationIn.COUNT),
                Optional.empty(),
                Optional.empty(),
                after.equals(before) ? Optional.empty() : Optional.of(reservations.query(after)),
                Map.of(),
                Optional.empty());
    }

    private ItemChange instances(
            Fields fields, Part part, Need.Instances old, Said.OfReservation before, Said.OfReservation after) {
        var size = new Flavor(
                fields.whole("vcpus", 1, ReservationIn.VCPUS)
                        .orElse(old.flavor().vcpus()),
                fields.whole("memory_mb", 1, ReservationIn.MOST)
                        .orElse(old.flavor().memoryMb()),
                fields.whole("disk_gb", 0, ReservationIn.MOST)
                        .orElse(old.flavor().diskGb()));
        var amount = fields.whole("amount", 1, ReservationIn.COUNT);
        return new ItemChange(
                part.item().id(),
                amount,
                amount,
                Optional.of(size).filter(flavor -> !flavor.equals(old.flavor())),
                fields.has("affinity") ? Optional.of(ReservationIn.affinity(fields)) : Optional.empty(),
                after.equals(before) ? Optional.empty() : Optional.of(reservations.query(after)),
                Map.of(),
                Optional.empty());
    }

    /// @throws BlazarProblem 409 for another network
    private ItemChange addresses(Fields fields, Part part, Need.Addresses old) {
        fields.text("network_id")
                .filter(network -> !network.equals(Places.name(old.network())))
                .ifPresent(_ -> {
                    throw BlazarProblem.clash("network_id cannot change; delete the lease and ask anew");
                });
        return new ItemChange(
                part.item().id(),
                Optional.empty(),
                fields.whole("amount", 1, ReservationIn.COUNT),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                fields.has("required_floatingips")
                        ? Optional.of(ReservationIn.required(fields, old.network()))
                        : Optional.empty());
    }
}
