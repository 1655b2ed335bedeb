package holdfast.broker;

import holdfast.calendar.Free;
import holdfast.core.Answer;
import holdfast.core.Capacities;
import holdfast.core.Demand;
import holdfast.core.Refusal;
import holdfast.inventory.Device;
import holdfast.inventory.Host;
import holdfast.protocol.Placement;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Finds a host for a demand: rules only, no state.
public final class Matching {
    private Matching() {}

    /// The hosts that could serve `demand` if nothing else was there, in the order of the model; or, if none could,
    /// which part of the demand no host can serve and what there is instead.
    public static Answer<List<Host>> candidates(List<Host> hosts, Demand demand) {
        var field = "nodes." + demand.name();
        var atSite = hosts.stream()
                .filter(host -> demand.site().isEmpty() || host.site().equals(demand.site()))
                .toList();
        if (atSite.isEmpty() && !demand.site().isEmpty()) {
            return Answer.no(Refusal.malformed(
                    field + ".site",
                    "node " + demand.name() + " asks for site " + demand.site() + ", which is not known; there are: "
                            + hosts.stream().map(Host::site).distinct().sorted().collect(Collectors.joining(", "))));
        }
        var named = atSite.stream()
                .filter(host -> demand.host().isEmpty() || demand.host().get().equals(host.name()))
                .toList();
        if (named.isEmpty()) {
            return Answer.no(Refusal.malformed(
                    field + ".host",
                    "node " + demand.name() + " asks for host " + demand.host().orElseThrow() + ", which "
                            + where(demand) + " does not have; it has: " + names(atSite)));
        }
        var large = named.stream()
                .filter(host -> demand.capacities().fitsIn(host.delegated()))
                .toList();
        if (large.isEmpty()) {
            var most = named.stream().map(Host::delegated).reduce(Capacities.NONE, Capacities::max);
            return Answer.no(unfit(
                    demand,
                    field + ".capacities",
                    "node " + demand.name() + " asks for " + demand.capacities() + ", more than any host at "
                            + at(demand) + " has; the most is " + most));
        }
        var equipped = large.stream()
                .filter(host -> choose(host, demand, Set.of()).isPresent())
                .toList();
        if (equipped.isEmpty()) {
            return Answer.no(unfit(demand, field + ".components", missing(large, demand)));
        }
        return Answer.yes(equipped);
    }

    /// Who names a site has asked for something that is not there; who does not may get it elsewhere.
    private static Refusal unfit(Demand demand, String field, String message) {
        return demand.site().isEmpty() ? Refusal.noRoom(message, Optional.empty()) : Refusal.malformed(field, message);
    }

    /// Where it is asked for, in words.
    static String where(Demand demand) {
        return demand.site().isEmpty() ? "this domain" : "site " + demand.site();
    }

    private static String at(Demand demand) {
        return demand.site().isEmpty() ? "this domain" : demand.site();
    }

    private static String missing(List<Host> hosts, Demand demand) {
        for (var component : demand.components()) {
            var alone = new Demand(
                    demand.kind(),
                    demand.name(),
                    demand.site(),
                    demand.capacities(),
                    demand.host(),
                    demand.image(),
                    List.of(component));
            if (hosts.stream().noneMatch(host -> choose(host, alone, Set.of()).isPresent())) {
                var models = hosts.stream()
                        .flatMap(host -> host.devices().stream())
                        .map(device -> device.model()
                                .map(model -> device.type() + " " + model)
                                .orElse(device.type()))
                        .distinct()
                        .sorted()
                        .collect(Collectors.joining(", "));
                return "node " + demand.name() + " asks for " + component.name() + ", a " + component
                        + ", which no host at " + at(demand) + " has; there are: " + models;
            }
        }
        return "node " + demand.name() + " asks for "
                + demand.components().stream().map(Demand.Component::toString).collect(Collectors.joining(" and "))
                + " together, which no single host at " + at(demand) + " has; put them into separate nodes";
    }

    /// The first of `candidates` that is free enough, with the units that it would give.
    ///
    /// @param free what each has free at its least over the whole term
    public static Optional<Placement> firstFit(List<Host> candidates, Demand demand, Map<String, Free> free) {
        for (var host : candidates) {
            var room = free.get(host.place());
            if (room != null && demand.capacities().fitsIn(room.least())) {
                var devices = choose(host, demand, room.unitsTaken());
                if (devices.isPresent()) {
                    return Optional.of(new Placement(host.nodeId(), host.name(), demand.capacities(), devices.get()));
                }
            }
        }
        return Optional.empty();
    }

    /// One unit of `host` that is not taken for each component, the first of its kind that is left; those that name
    /// no model choose last.
    private static Optional<List<Placement.Device>> choose(Host host, Demand demand, Set<String> taken) {
        var chosen = new HashMap<String, Placement.Device>();
        var used = new HashSet<>(taken);
        var pickyFirst = demand.components().stream()
                .sorted(Comparator.comparing(component -> component.model().isEmpty()))
                .toList();
        for (var component : pickyFirst) {
            var device = host.devices().stream()
                    .filter(one -> serves(one, component))
                    .flatMap(one -> granted(one, component, used).stream())
                    .findFirst();
            if (device.isEmpty()) {
                return Optional.empty();
            }
            used.add(device.get().unit());
            chosen.put(component.name(), device.get());
        }
        return Optional.of(demand.components().stream()
                .map(component -> chosen.get(component.name()))
                .toList());
    }

    private static Optional<Placement.Device> granted(Device device, Demand.Component component, Set<String> used) {
        return device.units().stream()
                .filter(unit -> !used.contains(unit.id()))
                .map(unit -> new Placement.Device(
                        component.name(),
                        device.type(),
                        device.model().orElse(""),
                        device.componentNodeId(),
                        unit.id()))
                .findFirst();
    }

    /// For each component, the units of `host` that would do, free or not.
    static List<Set<String>> choices(Host host, Demand demand) {
        return demand.components().stream()
                .map(component -> host.devices().stream()
                        .filter(device -> serves(device, component))
                        .flatMap(device -> device.units().stream())
                        .map(Device.Unit::id)
                        .collect(Collectors.toUnmodifiableSet()))
                .toList();
    }

    /// Whether a device is of the type and model that a component asks for.
    static boolean serves(Device device, Demand.Component component) {
        return device.type().equals(component.type())
                && (component.model().isEmpty() || component.model().equals(device.model()));
    }

    private static String names(List<Host> hosts) {
        return hosts.stream().map(Host::name).collect(Collectors.joining(", "));
    }
}
