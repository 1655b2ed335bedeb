package holdfast.api.config;

import holdfast.core.RefusedException;
import holdfast.platform.Database;
import holdfast.platform.Tx;
import holdfast.pools.Access;
import holdfast.pools.clouds.Usage;
import holdfast.pools.clouds.images.BrokerImages;
import holdfast.pools.clouds.images.BrokerImages.Content;
import holdfast.pools.clouds.images.BrokerImages.State;
import holdfast.pools.clouds.images.BrokerImages.Stored;
import holdfast.pools.clouds.images.ImageMappings;
import holdfast.pools.clouds.images.Places;
import holdfast.pools.clouds.images.ProviderImages;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jooq.impl.DSL;

/// `/broker/images`, and with it `/broker/image_mappings` (aeolus.md 5.2.1). Everybody who is known sees the images;
/// administrators change them, and see and change what stands for them where.
public final class ImagesApi implements Part {
    static final String IMAGES = "images";
    private static final String IMAGE = "image";
    private static final String FAMILY = "pool_family";
    private static final String STATE = "state";

    private final Database database;
    private final BrokerImages images;
    private final ImageMappings mappings;
    private final Places places;
    private final MappingsApi others;
    private final Usage usage;

    /// @param usage tells which images are in use
    /// @param live tells whether an image is at an account, where that is to be verified
    public ImagesApi(
            Database database,
            BrokerImages images,
            ImageMappings mappings,
            Places places,
            Usage usage,
            ProviderImages live) {
        this.database = database;
        this.images = images;
        this.mappings = mappings;
        this.places = places;
        this.usage = usage;
        this.others = new MappingsApi(database, mappings, places, live);
    }

    /// What serves the mappings.
    Part mappings() {
        return others;
    }

    static void needOperator(Ask ask, String what) {
        Access.mayOperate(ask.caller(), what).ifPresent(why -> {
            throw new RefusedException(why);
        });
    }

    @Override
    public Reply serve(Ask ask, List<String> rest) {
        return switch (rest.size()) {
            case 0 ->
                switch (ask.method()) {
                    case Ask.GET -> list(ask);
                    case Ask.POST -> create(ask);
                    default -> throw ask.wrongMethod("GET, POST");
                };
            case 1 ->
                switch (ask.method()) {
                    case Ask.GET -> shown(ask, found(rest.getFirst()));
                    case Ask.PUT -> change(ask, rest.getFirst());
                    case Ask.DELETE -> remove(ask, rest.getFirst());
                    default -> throw ask.wrongMethod("GET, PUT, DELETE");
                };
            default -> throw Failure.notFound("there is nothing at this address");
        };
    }

    private Stored found(String id) {
        return database.inTransaction(tx -> images.find(tx, id))
                .orElseThrow(() -> Failure.notFound("there is no image " + id));
    }

    private Reply list(Ask ask) {
        ask.only(Set.of(FAMILY, STATE));
        var family = ask.parameter(FAMILY).map(text -> uuid(FAMILY, text));
        var state = ask.parameter(STATE).map(ImagesApi::state);
        var which = family.map(BrokerImages::seenIn)
                .orElse(DSL.noCondition())
                .and(state.map(BrokerImages::being).orElse(DSL.noCondition()));
        return database.inTransaction(tx -> {
            var some = images.list(tx, which, ask.offset(), ask.limit());
            var all = some.stream().map(image -> show(ask, image)).toList();
            return Reply.ok(Element.many(IMAGES, all)).total(images.count(tx, which));
        });
    }

    private Reply create(Ask ask) {
        needOperator(ask, "add images");
        var body = ask.body(IMAGE);
        var id = body.ref("id").or(() -> body.ref("name")).orElse("");
        var usual = new Content(id, "", ask.who(), Optional.empty(), Optional.empty(), List.of());
        var made = database.inTransaction(tx -> images.add(
                        tx,
                        id,
                        body.ref(STATE).map(ImagesApi::state).orElse(State.AVAILABLE),
                        content(tx, body, usual),
                        ask.who())
                .orThrow());
        return Reply.created(show(ask, made), ask.href(IMAGES, made.id())).tagged(made.version());
    }

    private Reply change(Ask ask, String id) {
        needOperator(ask, "change images");
        var body = ask.body(IMAGE);
        var before = found(id);
        ask.expect(before.version(), Optional.of(body));
        var changed = database.inTransaction(tx -> images.change(
                        tx,
                        id,
                        body.ref(STATE).map(ImagesApi::state).orElse(before.state()),
                        content(tx, body, before.content()),
                        Optional.of(before.version()),
                        ask.who())
                .orThrow());
        return shown(ask, changed);
    }

    private Reply remove(Ask ask, String id) {
        needOperator(ask, "take images out");
        var before = found(id);
        ask.expect(before.version(), Optional.empty());
        database.inTransaction(tx -> {
            ImageMappings.kept(tx, usage, id).ifPresent(why -> {
                throw new RefusedException(why);
            });
            return mappings.removeImage(tx, id, Optional.of(before.version()), ask.who())
                    .orThrow();
        });
        return Reply.nothing();
    }

    /// What is not said stays as it is.
    private Content content(Tx tx, Body body, Content before) {
        var family = body.says(FAMILY) ? body.ref(FAMILY).map(text -> uuid(FAMILY, text)) : before.family();
        if (family.isPresent() && !places.isFamily(tx, family.get())) {
            throw Failure.invalid(FAMILY, "there is no such pool family");
        }
        return new Content(
                body.ref("name").orElse(before.name()),
                body.text("description").orElse(before.description()),
                body.ref("owner").orElse(before.owner()),
                body.optional("architecture").orElse(before.architecture()),
                family,
                body.many("builds")
                        .map(builds -> builds.stream()
                                .map(build -> build.own().map(Object::toString).orElse(""))
                                .toList())
                        .orElse(before.builds()));
    }

    static UUID uuid(String field, String text) {
        return Ids.of(text).orElseThrow(() -> Failure.invalid(field, field + " names nothing that is there"));
    }

    private static State state(String word) {
        return State.named(word)
                .orElseThrow(() -> Failure.invalid(STATE, "state must be one of AVAILABLE, CREATING, ERROR"));
    }

    private static Reply shown(Ask ask, Stored image) {
        return Reply.ok(show(ask, image)).tagged(image.version());
    }

    private static Element show(Ask ask, Stored image) {
        var content = image.content();
        return ask.ref(IMAGE, IMAGES, image.id())
                .with("uuid", image.uuid().toString())
                .with("name", content.name())
                .with("description", content.description())
                .with("owner", content.owner())
                .with("architecture", content.architecture())
                .with(FAMILY, content.family().map(UUID::toString))
                .with(STATE, image.state().name())
                .with(Element.many(
                        "builds",
                        content.builds().stream()
                                .map(build -> Element.of("build").saying(build))
                                .toList()))
                .with("creation_time", image.created().toString())
                .with("lock_version", image.version() - 1);
    }
}
