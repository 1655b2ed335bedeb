package holdfast.pools.clouds.images;

import static holdfast.db.Tables.RESOURCE;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.pools.clouds.BrokerImage;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jooq.Condition;
import org.jooq.impl.DSL;

/// The images that users of pools may name (aeolus.md 5.2.1).
public final class BrokerImages {
    /// The type of their resources.
    public static final String TYPE = "brokerImage";

    static final String PROJECT = "clouds";
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_.~-]{1,128}");
    private static final int LONGEST = 1_024;
    private static final int MOST = 10_000;
    private static final int MOST_BUILDS = 100;

    private final Platform platform;
    private final Resources resources;

    public BrokerImages(Platform platform, Engine engine) {
        this.platform = platform;
        this.resources = engine.resources();
    }

    /// Whether an image can be used yet, or still.
    public enum State {
        AVAILABLE,
        CREATING,
        ERROR;

        private String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Optional<State> named(String word) {
            return Stream.of(values())
                    .filter(state -> state.name().equals(word))
                    .findFirst();
        }
    }

    /// What is said of an image.
    ///
    /// @param owner user who made it
    /// @param architecture such as `x86_64`
    /// @param family the pool family whose pools may use it; empty = all may
    /// @param builds its versions, the newest last
    public record Content(
            String name,
            String description,
            String owner,
            Optional<String> architecture,
            Optional<UUID> family,
            List<String> builds) {
        public Content {
            builds = List.copyOf(builds);
        }

        Content withBuilds(List<String> others) {
            return new Content(name, description, owner, architecture, family, others);
        }
    }

    /// An image as it is stored.
    ///
    /// @param version counts changes, from 1
    /// @param id as users name it
    public record Stored(UUID uuid, long version, Instant created, String id, State state, Content content) {
        public BrokerImage image() {
            return new BrokerImage(id, content.name(), content.description(), content.owner(), content.architecture());
        }
    }

    /// @param id as users name it, `[A-Za-z0-9_.~-]{1,128}`
    /// @return MALFORMED if it breaks a rule, CLASH if there is one of that id
    public Answer<Stored> add(Tx tx, String id, State state, Content content, String who) {
        var fault = isId(id)
                ? fault(content)
                : Optional.of(Refusal.malformed("id", "id must be 1 to 128 of the characters A-Z a-z 0-9 _ . ~ -"));
        if (fault.isPresent()) {
            return Answer.no(fault.get());
        }
        var fresh = resources.fresh(
                platform.newId(), TYPE, Resources.ACTOR, Optional.empty(), id, state.word(), PROJECT, content);
        return resources.insert(tx, fresh, who, "added")
                ? Answer.yes(find(tx, id).orElseThrow())
                : Answer.no(Refusal.clash("there is an image " + id + " already"));
    }

    /// Whether it may be the id of an image or of a build.
    static boolean isId(String text) {
        return ID.matcher(text).matches();
    }

    private static Optional<Refusal> fault(Content content) {
        if (content.name().isBlank() || !Rows.isText(content.name(), LONGEST)) {
            return Optional.of(Refusal.malformed("name", "name must have 1 to " + LONGEST + " printable characters"));
        }
        if (!Rows.isText(content.description(), LONGEST)) {
            return Optional.of(Refusal.malformed(
                    "description", "description must have at most " + LONGEST + " printable characters"));
        }
        if (content.owner().isBlank() || !Rows.isText(content.owner(), LONGEST)) {
            return Optional.of(Refusal.malformed("owner", "owner must name a user"));
        }
        if (!content.architecture().map(BrokerImages::isId).orElse(true)) {
            return Optional.of(Refusal.malformed("architecture", "architecture must be a word such as x86_64"));
        }
        boolean good = content.builds().size() <= MOST_BUILDS
                && content.builds().stream().distinct().count()
                        == content.builds().size()
                && content.builds().stream().allMatch(BrokerImages::isId);
        return good
                ? Optional.empty()
                : Optional.of(Refusal.malformed(
                        "builds", "builds must be at most " + MOST_BUILDS + " different words, the newest last"));
    }

    public Optional<Stored> find(Tx tx, String id) {
        return resources.list(tx, present().and(Resources.named(id)), 1).stream()
                .findFirst()
                .map(BrokerImages::read);
    }

    /// Those that pools of a family may use now.
    public List<Stored> usable(Tx tx, UUID family) {
        return list(tx, being(State.AVAILABLE).and(seenIn(family)), 0, MOST);
    }

    /// Selects those that pools of a family may use.
    public static Condition seenIn(UUID family) {
        return DSL.condition("coalesce({0} ->> 'family', {1}) = {1}", RESOURCE.DATA, DSL.val(family.toString()));
    }

    /// Selects those of a family alone.
    public static Condition of(UUID family) {
        return DSL.condition("{0} ->> 'family' = {1}", RESOURCE.DATA, DSL.val(family.toString()));
    }

    /// Selects those in one state.
    public static Condition being(State state) {
        return Resources.inState(state.word());
    }

    /// Some of those that `which` selects, in the order of their creation.
    public List<Stored> list(Tx tx, Condition which, int offset, int limit) {
        return Rows.page(tx, resources, present().and(which), offset, limit).stream()
                .map(BrokerImages::read)
                .toList();
    }

    /// How many of them there are.
    public int count(Tx tx, Condition which) {
        return tx.sql().fetchCount(RESOURCE, present().and(which));
    }

    private static Condition present() {
        return DSL.condition("{0} = 'brokerImage'", RESOURCE.TYPE) // written out, so that its indexes are used
                .and(Resources.present());
    }

    private static Stored read(Resource resource) {
        return new Stored(
                resource.id(),
                resource.version(),
                resource.created(),
                resource.name(),
                State.valueOf(resource.state().toUpperCase(Locale.ROOT)),
                resource.as(Content.class));
    }

    /// Changes one.
    ///
    /// @param version that was read; empty = any
    /// @return NOT_THERE, MALFORMED if it breaks a rule, CLASH if somebody else has changed it
    public Answer<Stored> change(Tx tx, String id, State state, Content content, Optional<Long> version, String who) {
        var fault = fault(content);
        if (fault.isPresent()) {
            return Answer.no(fault.get());
        }
        return lock(tx, id, version).map(before -> {
            resources.update(
                    tx,
                    before.state(),
                    before.withState(state.word(), Optional.empty()).withData(content),
                    who,
                    "changed");
            return find(tx, id).orElseThrow();
        });
    }

    /// Takes one out. Its mappings are [ImageMappings]' to take out before.
    Answer<Stored> remove(Tx tx, String id, Optional<Long> version, String who) {
        return lock(tx, id, version).map(before -> {
            resources.update(tx, before.state(), before.removedAt(platform.now()), who, "taken out");
            return read(before);
        });
    }

    /// Notes a build that is mapped for the first time, as the newest.
    ///
    /// @return NOT_THERE, MALFORMED if there are too many
    Answer<Stored> built(Tx tx, String id, String build, String who) {
        return lock(tx, id, Optional.empty()).flatMap(before -> {
            var known = read(before);
            var content = known.content();
            if (content.builds().contains(build)) {
                return Answer.yes(known);
            }
            var builds =
                    Stream.concat(content.builds().stream(), Stream.of(build)).toList();
            return change(tx, id, known.state(), content.withBuilds(builds), Optional.empty(), who);
        });
    }

    private Answer<Resource> lock(Tx tx, String id, Optional<Long> version) {
        var found = resources.lock(tx, present().and(Resources.named(id)));
        if (found.isEmpty()) {
            return Answer.no(notThere(id));
        }
        return Rows.expect(found.get(), version);
    }

    static Refusal notThere(String id) {
        return Refusal.notThere("there is no image " + id);
    }
}
