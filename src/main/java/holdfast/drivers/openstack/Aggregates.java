package holdfast.drivers.openstack;

import static holdfast.drivers.openstack.Service.COMPUTE;

import holdfast.authority.Driver.Key;
import holdfast.drivers.openstack.Outcome.NotDoneException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/// Groups of hosts, as Nova keeps them. Only an administrator sees and changes them.
///
/// One stands for each held item: it is the first thing that is made and the last that is taken away. It is called by
/// its mark at first, since a name is all that it can be given when it is made, and by its item as soon as its
/// metadata bear the mark. No two may have one name, so an order can be repeated safely.
final class Aggregates {
    private final Api api;
    private final Marks marks;

    Aggregates(Api api, Marks marks) {
        this.api = api;
        this.marks = marks;
    }

    /// @param zone that its hosts are in; a host is in one at most
    /// @param hosts as services name them, which is not always as hypervisors are named
    record Aggregate(long id, String name, Optional<String> zone, List<String> hosts, Map<String, String> metadata) {}

    /// All that we may see.
    List<Aggregate> all() {
        try {
            return Fields.each(api.get(COMPUTE, "/os-aggregates").path("aggregates"))
                    .map(Aggregates::read)
                    .toList();
        } catch (NotDoneException e) {
            if (e.forbidden()) return List.of();
            throw e;
        }
    }

    Optional<Key> key(Aggregate aggregate) {
        return marks.read(aggregate.metadata(), Marks.METADATA).or(() -> marks.read(aggregate.name()));
    }

    Optional<Aggregate> marked(Key key) {
        return all().stream().filter(one -> key(one).equals(Optional.of(key))).findFirst();
    }

    /// The one that stands for an item, whoever made it.
    Optional<Aggregate> of(UUID item) {
        return all().stream().filter(one -> one.name().equals(item.toString())).findFirst();
    }

    /// Makes the one that stands for an item, or makes it complete.
    Aggregate ensure(Key key, UUID item, Optional<String> zone, Map<String, String> metadata) {
        var found = marked(key).orElseGet(() -> create(marks.of(key), zone));
        var wanted = new HashMap<>(metadata);
        wanted.put(Marks.METADATA, marks.of(key));
        var noted = found.metadata().entrySet().containsAll(wanted.entrySet()) ? found : note(found, wanted);
        return noted.name().equals(item.toString()) ? noted : rename(noted, item.toString());
    }

    private Aggregate create(String name, Optional<String> zone) {
        var aggregate = new HashMap<String, Object>(Map.of("name", name));
        zone.ifPresent(one -> aggregate.put("availability_zone", one));
        return read(api.send(COMPUTE, "POST", "/os-aggregates", Map.of("aggregate", aggregate))
                .path("aggregate"));
    }

    private Aggregate rename(Aggregate aggregate, String name) {
        return read(
                api.send(COMPUTE, "PUT", "/os-aggregates/" + aggregate.id(), Map.of("aggregate", Map.of("name", name)))
                        .path("aggregate"));
    }

    Aggregate note(Aggregate aggregate, Map<String, String> metadata) {
        return act(aggregate.id(), "set_metadata", Map.of("metadata", metadata));
    }

    Aggregate forget(Aggregate aggregate, String name) {
        var metadata = new HashMap<String, Object>();
        metadata.put(name, null);
        return act(aggregate.id(), "set_metadata", Map.of("metadata", metadata));
    }

    private Aggregate act(long id, String action, Map<String, ?> what) {
        return read(api.send(COMPUTE, "POST", "/os-aggregates/" + id + "/action", Map.of(action, what))
                .path("aggregate"));
    }

    void add(Aggregate aggregate, String host) {
        act(aggregate.id(), "add_host", Map.of("host", host));
    }

    void take(Aggregate aggregate, String host) {
        act(aggregate.id(), "remove_host", Map.of("host", host));
    }

    void delete(Aggregate aggregate) {
        api.delete(COMPUTE, "/os-aggregates/" + aggregate.id());
    }

    private static Aggregate read(JsonNode found) {
        return new Aggregate(
                Fields.number(found, "id"),
                Fields.text(found, "name"),
                Fields.maybe(found, "availability_zone"),
                Fields.words(found.path("hosts")),
                Fields.texts(found.path("metadata")));
    }
}
