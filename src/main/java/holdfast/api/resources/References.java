package holdfast.api.resources;

import static holdfast.db.Tables.RESOURCE;

import holdfast.core.Caller;
import holdfast.engine.types.ResourceType;
import holdfast.platform.Tx;
import holdfast.pools.Access;
import holdfast.pools.Projects;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.impl.DSL;

/// From the ids that people see to those that are stored, and back.
final class References {
    private References() {}

    /// The ids that people see, for a whole page by one query.
    static Map<UUID, String> wire(Tx tx, Collection<UUID> ids) {
        var wires = new HashMap<UUID, String>();
        if (!ids.isEmpty()) {
            tx.sql()
                    .select(RESOURCE.ID, RESOURCE.TYPE, RESOURCE.NUMBER)
                    .from(RESOURCE)
                    .where(RESOURCE.ID.eq(DSL.any(ids.toArray(UUID[]::new))))
                    .forEach(row -> wires.put(row.value1(), Ids.wire(row.value2(), row.value3())));
        }
        return wires;
    }

    /// Selects the one of that id, as people see it or as it is stored; nothing if it is no id of that type.
    static Condition named(ResourceType root, String text) {
        return Ids.uuid(text)
                .map(RESOURCE.ID::eq)
                .or(() -> {
                    var number = Ids.number(root.name(), text);
                    return number.isPresent() ? Optional.of(RESOURCE.NUMBER.eq(number.getAsLong())) : Optional.empty();
                })
                .map(which -> which.and(RESOURCE.TYPE.eq(root.name())))
                .orElse(DSL.falseCondition());
    }

    /// What a reference names.
    ///
    /// @param which what it must be beside that
    static Optional<UUID> find(Tx tx, Kinds kinds, String type, String text, Condition which) {
        return Optional.ofNullable(find(tx, kinds, type, Set.of(text), which).get(text));
    }

    /// What references name, by one query; those that name nothing are left out.
    static Map<String, UUID> find(Tx tx, Kinds kinds, String type, Set<String> texts, Condition which) {
        var target = kinds.find(type);
        if (target.isEmpty()) {
            return Map.of();
        }
        var root = kinds.root(target.get());
        var ids = texts.stream().flatMap(text -> Ids.uuid(text).stream()).toArray(UUID[]::new);
        var numbers = texts.stream()
                .flatMapToLong(text -> Ids.number(root.name(), text).stream())
                .boxed()
                .toArray(Long[]::new);
        var byId = new HashMap<UUID, UUID>();
        var byNumber = new HashMap<Long, UUID>();
        tx.sql()
                .select(RESOURCE.ID, RESOURCE.NUMBER)
                .from(RESOURCE)
                .where(RESOURCE.ID.eq(DSL.any(ids)).or(RESOURCE.NUMBER.eq(DSL.any(numbers))))
                .and(RESOURCE.TYPE.eq(root.name()))
                .and(ofKind(target.get()))
                .and(which)
                .forEach(row -> {
                    byId.put(row.value1(), row.value1());
                    byNumber.put(row.value2(), row.value1());
                });
        var found = new HashMap<String, UUID>();
        for (var text : texts) {
            var number = Ids.number(root.name(), text);
            Ids.uuid(text)
                    .map(byId::get)
                    .or(() -> number.isPresent()
                            ? Optional.ofNullable(byNumber.get(number.getAsLong()))
                            : Optional.empty())
                    .ifPresent(id -> found.put(text, id));
        }
        return found;
    }

    /// Selects those of a subtype; all, for a type of its own.
    static Condition ofKind(ResourceType type) {
        return type.base().isEmpty() ? DSL.noCondition() : Storage.holds("kind", type.name());
    }

    /// The name of the project whose account has that id.
    static Optional<String> project(Tx tx, Kinds kinds, String text) {
        return kinds.find(Projects.ACCOUNT)
                .flatMap(account -> tx.sql()
                        .select(RESOURCE.PROJECT)
                        .from(RESOURCE)
                        .where(named(account, text))
                        .fetchOptional(RESOURCE.PROJECT));
    }

    /// What an id of any type names, as people see it or as it is stored. One that people see names nothing if the
    /// caller may not see it: else the answer would tell that it is there.
    static Optional<UUID> find(Tx tx, Caller caller, String text) {
        return Optional.ofNullable(find(tx, caller, List.of(text)).get(text));
    }

    /// As [#find(Tx, Caller, String)], by one query; those that name nothing are left out.
    static Map<String, UUID> find(Tx tx, Caller caller, Collection<String> texts) {
        var found = new HashMap<String, UUID>();
        var numbers = new TreeSet<Long>();
        for (var text : texts) {
            Ids.uuid(text).ifPresent(id -> found.put(text, id));
            Ids.number(text).ifPresent(numbers::add);
        }
        if (!numbers.isEmpty()) {
            tx.sql()
                    .select(RESOURCE.ID, RESOURCE.TYPE, RESOURCE.NUMBER)
                    .from(RESOURCE)
                    .where(RESOURCE.NUMBER.eq(DSL.any(numbers.toArray(Long[]::new))))
                    .and(Access.seenBy(caller))
                    .forEach(row -> found.put(Ids.wire(row.value2(), row.value3()), row.value1()));
        }
        return found;
    }
}
