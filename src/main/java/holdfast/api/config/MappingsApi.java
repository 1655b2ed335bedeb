package holdfast.api.config;

import static holdfast.api.config.ImagesApi.uuid;

import holdfast.platform.Database;
import holdfast.platform.Tx;
import holdfast.pools.clouds.images.ImageMapping;
import holdfast.pools.clouds.images.ImageMapping.Content;
import holdfast.pools.clouds.images.ImageMappings;
import holdfast.pools.clouds.images.MappingStatus;
import holdfast.pools.clouds.images.Places;
import holdfast.pools.clouds.images.ProviderImages;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.impl.DSL;

/// `/broker/image_mappings` (aeolus.md 5.2.1). Only administrators see them: they tell which accounts there are.
final class MappingsApi implements Part {
    static final String MAPPINGS = "image_mappings";
    private static final String MAPPING = "image_mapping";
    private static final String LOOKUP = "lookup";
    private static final String ACCOUNT = "provider_account";
    private static final String PROVIDER = "provider";
    private static final String PROVIDER_IMAGE = "provider_image";
    private static final String STATUS = "status";
    private static final String BUILD = "build";
    private static final String IMAGE = "image";
    private static final String VERIFY = "verify";

    private final Database database;
    private final ImageMappings mappings;
    private final Places places;
    private final ProviderImages live;

    MappingsApi(Database database, ImageMappings mappings, Places places, ProviderImages live) {
        this.database = database;
        this.mappings = mappings;
        this.places = places;
        this.live = live;
    }

    @Override
    public Reply serve(Ask ask, List<String> rest) {
        ImagesApi.needOperator(ask, "see and change image mappings");
        return switch (rest.size()) {
            case 0 ->
                switch (ask.method()) {
                    case Ask.GET -> list(ask);
                    case Ask.POST -> create(ask);
                    default -> throw ask.wrongMethod("GET, POST");
                };
            case 1 -> rest.getFirst().equals(LOOKUP) ? lookup(ask) : one(ask, rest.getFirst());
            default -> throw Failure.notFound("there is nothing at this address");
        };
    }

    private Reply one(Ask ask, String text) {
        return switch (ask.method()) {
            case Ask.GET -> shown(ask, found(text));
            case Ask.PUT -> change(ask, found(text));
            case Ask.DELETE -> remove(ask, found(text));
            default -> throw ask.wrongMethod("GET, PUT, DELETE");
        };
    }

    private ImageMapping found(String text) {
        return Ids.of(text)
                .flatMap(id -> database.inTransaction(tx -> mappings.find(tx, id)))
                .orElseThrow(() -> Failure.notFound("there is no image mapping " + text));
    }

    private Reply list(Ask ask) {
        ask.only(Set.of(IMAGE, ACCOUNT, PROVIDER, STATUS));
        Condition which = ask.parameter(IMAGE).map(ImageMappings::of).orElse(DSL.noCondition());
        for (var place : List.of(ACCOUNT, PROVIDER)) {
            var id = ask.parameter(place).map(text -> uuid(place, text));
            which = which.and(id.map(one -> ImageMappings.at(List.of(one))).orElse(DSL.noCondition()));
        }
        var selected = which.and(ask.parameter(STATUS)
                .map(word -> ImageMappings.being(status(word)))
                .orElse(DSL.noCondition()));
        return database.inTransaction(tx -> {
            var some = mappings.list(tx, selected, ask.offset(), ask.limit());
            var all = some.stream().map(mapping -> show(ask, mapping)).toList();
            return Reply.ok(Element.many(MAPPINGS, all)).total(mappings.count(tx, selected));
        });
    }

    private Reply create(Ask ask) {
        var body = ask.body(MAPPING);
        var image = body.ref(IMAGE).orElse("");
        var content = new Content(
                body.ref(BUILD),
                body.ref(ACCOUNT).map(text -> uuid(ACCOUNT, text)),
                body.ref(PROVIDER).map(text -> uuid(PROVIDER, text)),
                body.ref(PROVIDER_IMAGE).orElse(""),
                body.ref(STATUS).map(MappingsApi::status).orElse(MappingStatus.COMPLETE));
        database.inTransaction(tx -> {
            mustBeThere(tx, content);
            return true;
        });
        verify(ask, content.account(), content.providerImage());
        var made = database.inTransaction(
                tx -> mappings.add(tx, image, content, ask.who()).orThrow());
        return Reply.created(show(ask, made), ask.href(MAPPINGS, made.id().toString()))
                .tagged(made.version());
    }

    private void mustBeThere(Tx tx, Content content) {
        if (content.account().filter(id -> places.account(tx, id).isEmpty()).isPresent()) {
            throw Failure.invalid(ACCOUNT, "there is no such provider account");
        }
        if (content.provider().filter(id -> !places.isProvider(tx, id)).isPresent()) {
            throw Failure.invalid(PROVIDER, "there is no such provider");
        }
    }

    /// Only if it is asked for, and never in a transaction: the provider is asked.
    private void verify(Ask ask, Optional<UUID> account, String providerImage) {
        ask.only(Set.of(VERIFY));
        if (!ask.parameter(VERIFY).map("true"::equals).orElse(false)) {
            return;
        }
        var where = account.orElseThrow(
                () -> Failure.invalid(ACCOUNT, "only what is at a provider account can be verified"));
        if (!live.isThereNow(where, providerImage)) {
            throw Failure.invalid(PROVIDER_IMAGE, "there is no image " + providerImage + " at the account");
        }
    }

    private Reply change(Ask ask, ImageMapping before) {
        var body = ask.body(MAPPING);
        ask.expect(before.version(), Optional.of(body));
        var providerImage = body.ref(PROVIDER_IMAGE).orElse(before.content().providerImage());
        verify(ask, before.content().account(), providerImage);
        return shown(
                ask,
                database.inTransaction(tx -> mappings.change(
                                tx,
                                before.id(),
                                providerImage,
                                body.ref(STATUS)
                                        .map(MappingsApi::status)
                                        .orElse(before.content().status()),
                                Optional.of(before.version()),
                                ask.who())
                        .orThrow()));
    }

    private Reply remove(Ask ask, ImageMapping before) {
        ask.expect(before.version(), Optional.empty());
        database.inTransaction(tx -> mappings.remove(tx, before.id(), Optional.of(before.version()), ask.who())
                .orThrow());
        return Reply.nothing();
    }

    private Reply lookup(Ask ask) {
        if (!ask.method().equals(Ask.GET)) {
            throw ask.wrongMethod(Ask.GET);
        }
        ask.only(Set.of(IMAGE, ACCOUNT, BUILD));
        var image = ask.parameter(IMAGE).orElse("");
        var account = ask.parameter(ACCOUNT).map(text -> uuid(ACCOUNT, text));
        var content = account.flatMap(id -> database.inTransaction(tx -> places.account(tx, id)
                        .flatMap(known -> mappings.lookup(tx, image, ask.parameter(BUILD), known))))
                .orElseThrow(() -> Failure.notFound("nothing stands for image " + image + " at this account"))
                .content();
        return Reply.ok(Element.of(MAPPING)
                .with(PROVIDER_IMAGE, content.providerImage())
                .with(STATUS, content.status().name()));
    }

    private static MappingStatus status(String word) {
        return MappingStatus.named(word)
                .orElseThrow(() ->
                        Failure.invalid(STATUS, "status must be one of NEW, PUSHING, COMPLETE, FAILED, IMPORTED"));
    }

    private static Reply shown(Ask ask, ImageMapping mapping) {
        return Reply.ok(show(ask, mapping)).tagged(mapping.version());
    }

    private static Element show(Ask ask, ImageMapping mapping) {
        var content = mapping.content();
        return ask.ref(MAPPING, MAPPINGS, mapping.id())
                .with(IMAGE, mapping.image())
                .with(BUILD, content.build())
                .with(ACCOUNT, content.account().map(UUID::toString))
                .with(PROVIDER, content.provider().map(UUID::toString))
                .with(PROVIDER_IMAGE, content.providerImage())
                .with(STATUS, content.status().name())
                .with("created_at", mapping.created().toString())
                .with("lock_version", mapping.version() - 1);
    }
}
