package holdfast.api.config;

import static holdfast.db.Tables.RESOURCE;

import holdfast.core.Refusal;
import holdfast.engine.Resources;
import holdfast.platform.Tx;
import holdfast.pools.clouds.Entries;
import holdfast.pools.clouds.Entry;
import holdfast.pools.clouds.Right.Action;
import holdfast.pools.clouds.Right.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.impl.DSL;

/// All entries of one kind as resources: listed, shown, made, changed and removed in the same way (aeolus.md 5.1).
abstract class Collection<T> implements Part {
    private static final String VERBS = "GET, POST";
    private static final String EACH = "GET, PUT, DELETE";

    final Desk desk;
    final Entries<T> entries;
    final String plural;
    final String singular;
    final Target target;

    Collection(Desk desk, Entries<T> entries, String plural, String singular, Target target) {
        this.desk = desk;
        this.entries = entries;
        this.plural = plural;
        this.singular = singular;
        this.target = target;
    }

    /// What is special of each kind.
    abstract List<Element> show(Tx tx, Ask ask, List<Entry<T>> some);

    /// What the body makes of an entry, or of none.
    abstract T read(Tx tx, Body body, Optional<Entry<T>> before);

    /// What it is to be a part of.
    Optional<UUID> parent(Body body) {
        return Optional.empty();
    }

    /// Its name.
    String name(Body body, Optional<Entry<T>> before) {
        return body.text("name").or(() -> before.map(Entry::name)).orElse("");
    }

    /// Whether everybody sees all of them: what the faces of clouds show to every user.
    boolean open() {
        return false;
    }

    /// Fields by which lists are narrowed, beside the name.
    Map<String, Function<String, Condition>> filters() {
        return Map.of();
    }

    /// Refuses what a caller may not change even of what is its own.
    void guard(Tx tx, Ask ask, Body body, Optional<Entry<T>> before, Optional<UUID> parent) {}

    /// What a body says beside what is kept of the entry that was made or changed by it.
    ///
    /// @return the entry as it is then
    Entry<T> following(Tx tx, Ask ask, Body body, Entry<T> entry) {
        return entry;
    }

    /// What else is below an entry.
    Reply nested(Ask ask, UUID id, List<String> rest) {
        throw nothing(id.toString());
    }

    @Override
    public final Reply serve(Ask ask, List<String> rest) {
        if (rest.isEmpty()) {
            return switch (ask.method()) {
                case Ask.GET -> list(ask);
                case Ask.POST -> create(ask, ask.body(singular));
                default -> throw ask.wrongMethod(VERBS);
            };
        }
        if (rest.size() > 1) {
            var reply = special(ask, rest);
            return reply.isPresent() ? reply.get() : nested(ask, id(rest.getFirst()), rest.subList(1, rest.size()));
        }
        var special = special(ask, rest);
        if (special.isPresent()) {
            return special.get();
        }
        var id = id(rest.getFirst());
        return switch (ask.method()) {
            case Ask.GET -> desk.in(tx -> shown(tx, ask, visible(tx, ask, id)));
            case Ask.PUT -> change(ask, id, ask.body(singular));
            case Ask.DELETE -> remove(ask, id);
            default -> throw ask.wrongMethod(EACH);
        };
    }

    /// Paths that lead to no entry.
    Optional<Reply> special(Ask ask, List<String> rest) {
        return Optional.empty();
    }

    final UUID id(String text) {
        return Ids.of(text).orElseThrow(() -> nothing(text));
    }

    final Failure nothing(String id) {
        return Failure.nothing(entries.called(), id);
    }

    /// An entry that the caller may see.
    final Entry<T> visible(Tx tx, Ask ask, UUID id) {
        return entries.find(tx, id)
                .filter(entry -> open() || ask.held(tx).may(Action.VIEW, target, whole(tx, entry)))
                .orElseThrow(() -> nothing(id.toString()));
    }

    /// The same, to be changed: the caller may change it, and it is as the caller has read it.
    final Entry<T> mine(Tx tx, Ask ask, UUID id, Optional<Body> body) {
        ask.need(tx, Action.MODIFY, target, whole(tx, visible(tx, ask, id)));
        var entry = entries.lock(tx, id).orThrow();
        ask.expect(entry, body);
        return entry;
    }

    /// All that something is a part of, of which the next is `parent`.
    List<UUID> above(Tx tx, Optional<UUID> parent) {
        return parent.stream().toList();
    }

    private List<UUID> whole(Tx tx, Entry<T> entry) {
        var whole = new ArrayList<>(List.of(entry.id()));
        whole.addAll(above(tx, entry.parent()));
        return whole;
    }

    /// Selects these and what is a part of them.
    Condition within(Set<UUID> ids) {
        return entries.among(ids).or(Entries.partsOf(ids));
    }

    static List<UUID> path(Entry<?> entry) {
        var path = new ArrayList<>(List.of(entry.id()));
        entry.parent().ifPresent(path::add);
        return path;
    }

    /// Selects those that a caller may see.
    final Condition seen(Tx tx, Ask ask) {
        return open()
                ? DSL.noCondition()
                : ask.held(tx).where(Action.VIEW, target).map(this::within).orElse(DSL.noCondition());
    }

    Reply list(Ask ask) {
        return listed(ask, DSL.noCondition());
    }

    final Reply listed(Ask ask, Condition among) {
        var filters = filters();
        var known = new TreeSet<>(filters.keySet());
        known.add("name");
        ask.only(known);
        return desk.in(tx -> {
            var which = among.and(seen(tx, ask))
                    .and(ask.parameter("name").map(Resources::named).orElse(DSL.noCondition()));
            for (var filter : filters.entrySet()) {
                which = which.and(
                        ask.parameter(filter.getKey()).map(filter.getValue()).orElse(DSL.noCondition()));
            }
            var page = entries.page(tx, which, ask.offset(), ask.limit());
            return Reply.ok(Element.many(plural, show(tx, ask, page)))
                    .with("X-Total-Count", String.valueOf(entries.count(tx, which)));
        });
    }

    Reply create(Ask ask, Body body) {
        return desk.in(tx -> {
            var parent = parent(body);
            ask.need(tx, Action.CREATE, target, above(tx, parent));
            guard(tx, ask, body, Optional.empty(), parent);
            var value = read(tx, body, Optional.empty());
            var made = entries.add(tx, parent, name(body, Optional.empty()), value, ask.who())
                    .orThrow();
            return made(tx, ask, following(tx, ask, body, made));
        });
    }

    /// Answers that something was made; it belongs to who made it.
    final Reply made(Tx tx, Ask ask, Entry<T> entry) {
        desk.configuration().grants().own(tx, ask.caller(), target, entry.id());
        var where = ask.href(plural, entry.id().toString());
        return Reply.created(show(tx, ask, List.of(entry)).getFirst(), where).tagged(entry.version());
    }

    Reply change(Ask ask, UUID id, Body body) {
        return desk.in(tx -> {
            var before = mine(tx, ask, id, Optional.of(body));
            guard(tx, ask, body, Optional.of(before), before.parent());
            var value = read(tx, body, Optional.of(before));
            var changed = entries.change(tx, before, name(body, Optional.of(before)), value, ask.who())
                    .orThrow();
            return shown(tx, ask, following(tx, ask, body, changed));
        });
    }

    Reply remove(Ask ask, UUID id) {
        return desk.in(tx -> {
            var entry = mine(tx, ask, id, Optional.empty());
            var along = along(tx, entry);
            entries.remove(tx, entry, ask.who()).orThrow();
            desk.configuration().grants().forget(tx, id, ask.who());
            along.forEach(part -> desk.configuration().grants().forget(tx, part.id(), ask.who()));
            return along.isEmpty() ? Reply.nothing() : Reply.ok(gone(ask, entry, along));
        });
    }

    /// What is taken out with an entry, and told then.
    List<? extends Entry<?>> along(Tx tx, Entry<T> entry) {
        return List.of();
    }

    /// An entry that was taken out, with what went with it.
    Element gone(Ask ask, Entry<T> entry, List<? extends Entry<?>> along) {
        return head(ask, entry).with("name", entry.name());
    }

    final Reply shown(Tx tx, Ask ask, Entry<T> entry) {
        return Reply.ok(show(tx, ask, List.of(entry)).getFirst()).tagged(entry.version());
    }

    /// The element of an entry with its id.
    final Element head(Ask ask, Entry<T> entry) {
        return ask.ref(singular, plural, entry.id());
    }

    /// What all entries end with.
    final Element tail(Element element, Entry<T> entry) {
        return builtIn(element, entries, entry.id())
                .with("created_at", entry.resource().created().toString())
                .with("updated_at", entry.resource().updated().toString())
                .with("lock_version", entry.version() - 1);
    }

    /// Says of what is there from the start that it is.
    static Element builtIn(Element element, Entries<?> entries, UUID id) {
        return entries.isBuiltIn(id) ? element.with("built_in", true) : element;
    }

    /// Quotas are changed by those who may do so above, and never by those whose quotas they are.
    ///
    /// @param above what the owner of the quota is a part of
    static void quota(Tx tx, Ask ask, Body body, List<UUID> above) {
        if (body.child("quota").isPresent()) {
            ask.need(tx, Action.MODIFY, Target.QUOTA, above);
        }
    }

    /// A filter by a field of what is kept.
    static Condition kept(String field, String text) {
        return DSL.condition("{0} ->> {1} = {2}", RESOURCE.DATA, DSL.inline(field), DSL.val(text));
    }

    /// A filter by what it is a part of.
    static Condition partOf(String text) {
        return Ids.of(text).map(Resources::partOf).orElse(DSL.falseCondition());
    }

    static Failure refused(Refusal refusal) {
        return Failure.of(refusal);
    }
}
