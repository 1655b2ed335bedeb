package holdfast.pools.clouds;

import static holdfast.db.Tables.RESOURCE;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jooq.Condition;
import org.jooq.impl.DSL;

/// All that is set up of one kind, with the rules of its kind. Uniqueness is kept by the database
/// (`V40__cloud_broker.sql`); what is asked before only says it in better words.
///
/// @param <T> what is kept of each beside name and parent
public abstract class Entries<T> {
    /// Of each kind there are at most so many.
    static final int MOST = 10_000;

    private static final String STATE = "active";
    private static final String PROJECT = "clouds";
    private static final Pattern WORDS = Pattern.compile("[\\w -]*");
    private static final int LONGEST_NAME = 100;

    private final Platform platform;
    private final Resources resources;
    private final String type;
    private final String called;
    private final Class<T> shape;
    /// Those that are there from the start: known anew with each start.
    private final Set<UUID> planted = ConcurrentHashMap.newKeySet();

    /// @param type of the resources
    /// @param called what people call one
    protected Entries(Platform platform, Engine engine, String type, String called, Class<T> shape) {
        this.platform = platform;
        this.resources = engine.resources();
        this.type = type;
        this.called = called;
        this.shape = shape;
    }

    protected final Platform platform() {
        return platform;
    }

    /// What people call one, such as `pool`.
    public final String called() {
        return called;
    }

    /// The id of the resource that an entry is kept in.
    UUID key(UUID id) {
        return id;
    }

    /// The id of the entry that is kept in a resource.
    UUID id(Resource resource, T value) {
        return resource.id();
    }

    /// Selects those of this kind that are there.
    protected final Condition present() {
        return DSL.condition("{0} = '" + type + "'", RESOURCE.TYPE) // written out, so that its indexes are used
                .and(Resources.present());
    }

    public final Optional<Entry<T>> find(Tx tx, UUID id) {
        return list(tx, Resources.withId(key(id)), 1).stream().findFirst();
    }

    /// @return the entry, or NOT_THERE
    public final Answer<Entry<T>> get(Tx tx, UUID id) {
        return find(tx, id).<Answer<Entry<T>>>map(Answer::yes).orElseGet(() -> Answer.no(notThere(id)));
    }

    /// The same, which nobody else changes until the transaction ends. Lock a parent before its parts.
    public final Answer<Entry<T>> lock(Tx tx, UUID id) {
        return resources
                .lock(tx, present().and(Resources.withId(key(id))))
                .<Answer<Entry<T>>>map(found -> Answer.yes(read(found)))
                .orElseGet(() -> Answer.no(notThere(id)));
    }

    private Refusal notThere(UUID id) {
        return Refusal.notThere("there is no " + called + " " + id);
    }

    /// The one of that name, of a kind whose names are unique.
    public final Optional<Entry<T>> named(Tx tx, String name) {
        return list(tx, Resources.named(name), 1).stream().findFirst();
    }

    /// Those of these ids that are there.
    public final List<Entry<T>> all(Tx tx, Collection<UUID> ids) {
        return ids.isEmpty() ? List.of() : list(tx, among(ids), MOST);
    }

    /// Selects those of these ids.
    public final Condition among(Collection<UUID> ids) {
        return Resources.withIds(ids.stream().map(this::key).toList());
    }

    /// Selects the parts of these.
    public static Condition partsOf(Collection<UUID> parents) {
        return RESOURCE.PARENT.eq(DSL.any(parents.toArray(UUID[]::new)));
    }

    /// Selects what is a part of pools that are parts of these, of pool families.
    public static Condition partsOfParts(Collection<UUID> above) {
        return RESOURCE.PARENT.in(DSL.select(DSL.field("p.id", UUID.class))
                .from("resource p")
                .where(DSL.condition(
                        "p.type = 'cloudPool' and p.parent = any({0})", DSL.val(above.toArray(UUID[]::new)))));
    }

    /// Those that `which` selects, in the order of their creation.
    public final List<Entry<T>> list(Tx tx, Condition which) {
        return list(tx, which, MOST);
    }

    private List<Entry<T>> list(Tx tx, Condition which, int limit) {
        return resources.list(tx, present().and(which), limit).stream()
                .map(this::read)
                .toList();
    }

    /// Some of those that `which` selects, in the order of their creation.
    public final List<Entry<T>> page(Tx tx, Condition which, int offset, int limit) {
        var ids = tx.sql()
                .select(RESOURCE.ID)
                .from(RESOURCE)
                .where(present().and(which))
                .orderBy(RESOURCE.CREATED, RESOURCE.ID)
                .offset(offset)
                .limit(limit)
                .fetch(RESOURCE.ID);
        return ids.isEmpty() ? List.of() : list(tx, Resources.withIds(ids), limit);
    }

    /// How many of them there are.
    public final int count(Tx tx, Condition which) {
        return tx.sql().fetchCount(RESOURCE, present().and(which));
    }

    /// Keeps another one.
    ///
    /// @return MALFORMED if it breaks a rule of its kind, NOT_THERE if there is no such parent
    public final Answer<Entry<T>> add(Tx tx, Optional<UUID> parent, String name, T value, String who) {
        return add(tx, platform.newId(), parent, name, value, who);
    }

    /// The same with an id that was made before.
    public final Answer<Entry<T>> add(Tx tx, UUID id, Optional<UUID> parent, String name, T value, String who) {
        var fault = fault(tx, parent, name, value, Optional.empty());
        if (fault.isPresent()) {
            return Answer.no(fault.get());
        }
        if (count(tx, DSL.noCondition()) >= MOST) {
            return Answer.no(Refusal.clash("there are " + MOST + " of the kind " + called + ", which is the most"));
        }
        var fresh = resources.fresh(key(id), type, Resources.ACTOR, parent, name, STATE, PROJECT, value);
        if (!resources.insert(tx, fresh, who, "added")) {
            return Answer.no(taken("name"));
        }
        var entry = get(tx, id);
        return entry.flatMap(made -> added(tx, made, who));
    }

    /// Adds one that is there from the start, once for ever: if it was taken out, it stays away.
    final void plant(Tx tx, UUID id, Optional<UUID> parent, String name, T value) {
        planted.add(id);
        resources.insert(
                tx,
                resources.fresh(key(id), type, Resources.ACTOR, parent, name, STATE, PROJECT, value),
                Configuration.SEED,
                "there from the start");
    }

    /// Whether one is there from the start, whatever has become of it since.
    public final boolean isBuiltIn(UUID id) {
        return planted.contains(id);
    }

    /// Changes one that is locked.
    ///
    /// @return MALFORMED if it would break a rule of its kind
    public final Answer<Entry<T>> change(Tx tx, Entry<T> before, String name, T value, String who) {
        var fault = fault(tx, before.parent(), name, value, Optional.of(before));
        return fault.isPresent() ? Answer.no(fault.get()) : Answer.yes(write(tx, before, name, value, who));
    }

    /// Adds one anew that was taken out, under its old id.
    final Optional<Entry<T>> resurrect(Tx tx, UUID id, String name, T value, String who) {
        var gone = DSL.condition("{0} = '" + type + "'", RESOURCE.TYPE)
                .and(Resources.withId(key(id)))
                .and(RESOURCE.REMOVED.isNotNull());
        return resources.lock(tx, gone).map(old -> {
            var back = old.restored().renamed(name).withData(value);
            return read(resources.update(tx, old.state(), back, who, "added again"));
        });
    }

    /// Changes what no rule is about.
    final Entry<T> write(Tx tx, Entry<T> before, T value, String who) {
        return write(tx, before, before.name(), value, who);
    }

    private Entry<T> write(Tx tx, Entry<T> before, String name, T value, String who) {
        var changed = before.resource().renamed(name).withData(value);
        return read(resources.update(tx, before.resource().state(), changed, who, "changed"));
    }

    /// Takes one out that is locked.
    ///
    /// @return CLASH while something keeps it
    public final Answer<Entry<T>> remove(Tx tx, Entry<T> entry, String who) {
        return removing(tx, entry, who).map(_ -> {
            var gone = entry.resource().removedAt(platform.now());
            resources.update(tx, gone.state(), gone, who, "taken out");
            return entry;
        });
    }

    /// Says beforehand what would be wrong.
    public final Answer<T> check(Tx tx, Optional<UUID> parent, String name, T value, Optional<Entry<T>> before) {
        return fault(tx, parent, name, value, before).<Answer<T>>map(Answer::no).orElseGet(() -> Answer.yes(value));
    }

    /// What is wrong with it. A parent is locked here, so that it stays while its part is added.
    ///
    /// @param before as it was; empty for one that is added
    protected abstract Optional<Refusal> fault(
            Tx tx, Optional<UUID> parent, String name, T value, Optional<Entry<T>> before);

    /// What else happens when one is added.
    protected Answer<Entry<T>> added(Tx tx, Entry<T> entry, String who) {
        return Answer.yes(entry);
    }

    /// What else happens before one is taken out, or why it must stay.
    protected Answer<Entry<T>> removing(Tx tx, Entry<T> entry, String who) {
        return Answer.yes(entry);
    }

    /// Whether another one of this kind is selected by `which`.
    protected final boolean another(Tx tx, Optional<Entry<T>> than, Condition which) {
        var others = than.map(one -> RESOURCE.ID.ne(one.resource().id())).orElse(DSL.noCondition());
        return !list(tx, which.and(others), 1).isEmpty();
    }

    private Entry<T> read(Resource resource) {
        var value = resource.as(shape);
        return new Entry<>(id(resource, value), resource, value);
    }

    /// What is wrong with a name of letters, digits, `_`, blanks and `-`.
    static Optional<Refusal> name(String name) {
        return label("name", name)
                .or(() -> WORDS.matcher(name).matches()
                        ? Optional.empty()
                        : Optional.of(Refusal.malformed(
                                "name", "Name is invalid: it may have letters, digits, blanks, _ and - only")));
    }

    /// What is wrong with any other word that people choose.
    static Optional<Refusal> label(String field, String text) {
        if (text.isBlank()) {
            return blank(field);
        }
        if (text.length() > LONGEST_NAME) {
            return wrong(field, "is too long (maximum is " + LONGEST_NAME + " characters)");
        }
        return text.chars().anyMatch(Character::isISOControl)
                ? wrong(field, "is invalid: it has control characters")
                : Optional.empty();
    }

    static Optional<Refusal> blank(String field) {
        return wrong(field, "can't be blank");
    }

    /// A fault of a field, in the words of Rails.
    static Optional<Refusal> wrong(String field, String what) {
        return Optional.of(Refusal.malformed(field, human(field) + " " + what));
    }

    static Refusal taken(String field) {
        return Refusal.malformed(field, human(field) + " has already been taken");
    }

    private static String human(String field) {
        var words = field.replace('_', ' ');
        return words.isEmpty() ? "A field without a name" : Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }
}
