package holdfast.api.config;

import static holdfast.api.config.ImageForm.text;
import static holdfast.api.config.ImagesApi.MAPPINGS;
import static holdfast.api.config.ImagesApi.uuid;

import holdfast.api.config.ImageForm.WrongException;
import holdfast.api.config.ImagesApi.Ask;
import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import holdfast.platform.Database;
import holdfast.platform.HttpReply;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import holdfast.pools.clouds.images.ImageMapping;
import holdfast.pools.clouds.images.ImageMapping.Content;
import holdfast.pools.clouds.images.ImageMappings;
import holdfast.pools.clouds.images.MappingStatus;
import holdfast.pools.clouds.images.Places;
import holdfast.pools.clouds.images.ProviderImages;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.impl.DSL;
import tools.jackson.databind.node.ObjectNode;

/// Mappings of images (aeolus.md 5.2.1). Only administrators see them: they tell which accounts there are.
final class MappingsApi {
    private static final String MAPPING = "image_mapping";
    private static final String LOOKUP = "lookup";
    private static final String ACCOUNT = "provider_account";
    private static final String PROVIDER = "provider";
    private static final String PROVIDER_IMAGE = "provider_image";
    private static final String STATUS = "status";
    private static final String BUILD = "build";
    private static final String IMAGE = "image";

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

    HttpReply serve(Ask ask, List<String> rest) {
        ask.needOperator("see and change image mappings");
        return switch (rest.size()) {
            case 0 ->
                switch (ask.method()) {
                    case "GET" -> list(ask);
                    case "POST" -> create(ask);
                    default -> throw ask.wrongMethod();
                };
            case 1 -> rest.getFirst().equals(LOOKUP) ? lookup(ask) : one(ask, rest.getFirst());
            default -> throw new WrongException(404, "RecordNotFound", "there is nothing at this address");
        };
    }

    private HttpReply one(Ask ask, String text) {
        return switch (ask.method()) {
            case "GET" -> shown(ask, 200, found(text));
            case "PUT" -> change(ask, found(text));
            case "DELETE" -> remove(ask, found(text));
            default -> throw ask.wrongMethod();
        };
    }

    private ImageMapping found(String text) {
        try {
            var id = UUID.fromString(text);
            var found = database.inTransaction(tx -> mappings.find(tx, id));
            if (found.isPresent()) {
                return found.get();
            }
        } catch (IllegalArgumentException _) {
            // told below
        }
        throw new RefusedException(Refusal.notThere("there is no image mapping " + text));
    }

    private HttpReply list(Ask ask) {
        Condition which = ask.parameter(IMAGE).map(ImageMappings::of).orElse(DSL.noCondition());
        for (var place : List.of(ACCOUNT, PROVIDER)) {
            var id = ask.parameter(place).map(text -> uuid(place, text));
            which = which.and(id.map(one -> ImageMappings.at(List.of(one))).orElse(DSL.noCondition()));
        }
        var selected = which.and(ask.parameter(STATUS)
                .map(word -> ImageMappings.being(status(word)))
                .orElse(DSL.noCondition()));
        return database.inTransaction(tx -> {
            var all = Json.array();
            mappings.list(tx, selected, ask.offset(), ask.limit()).forEach(mapping -> all.add(node(ask, mapping)));
            return ask.reply(200, Json.object().set(MAPPINGS, all))
                    .with("X-Total-Count", String.valueOf(mappings.count(tx, selected)));
        });
    }

    private HttpReply create(Ask ask) {
        var body = ImageForm.read(ask.request(), MAPPING);
        var image = text(body, IMAGE).orElse("");
        var content = new Content(
                text(body, BUILD),
                text(body, ACCOUNT).map(text -> uuid(ACCOUNT, text)),
                text(body, PROVIDER).map(text -> uuid(PROVIDER, text)),
                text(body, PROVIDER_IMAGE).orElse(""),
                text(body, STATUS).map(MappingsApi::status).orElse(MappingStatus.COMPLETE));
        database.inTransaction(tx -> {
            mustBeThere(tx, content);
            return true;
        });
        verify(ask, content.account(), content.providerImage());
        var made = database.inTransaction(
                tx -> mappings.add(tx, image, content, ask.caller().user()).orThrow());
        return shown(ask, 201, made)
                .with("Location", ask.href(MAPPINGS, made.id().toString()));
    }

    private void mustBeThere(Tx tx, Content content) {
        if (content.account().filter(id -> places.account(tx, id).isEmpty()).isPresent()) {
            throw new RefusedException(Refusal.malformed(ACCOUNT, "there is no such provider account"));
        }
        if (content.provider().filter(id -> !places.isProvider(tx, id)).isPresent()) {
            throw new RefusedException(Refusal.malformed(PROVIDER, "there is no such provider"));
        }
    }

    /// Only if it is asked for, and never in a transaction: the provider is asked.
    private void verify(Ask ask, Optional<UUID> account, String providerImage) {
        if (!ask.parameter("verify").map("true"::equals).orElse(false)) {
            return;
        }
        var where = account.orElseThrow(() ->
                new RefusedException(Refusal.malformed(ACCOUNT, "only what is at a provider account can be verified")));
        if (!live.isThereNow(where, providerImage)) {
            throw new RefusedException(
                    Refusal.malformed(PROVIDER_IMAGE, "there is no image " + providerImage + " at the account"));
        }
    }

    private HttpReply change(Ask ask, ImageMapping before) {
        var body = ImageForm.read(ask.request(), MAPPING);
        var expected = ask.expected(body, before.version());
        var providerImage = text(body, PROVIDER_IMAGE).orElse(before.content().providerImage());
        verify(ask, before.content().account(), providerImage);
        var changed = database.inTransaction(tx -> mappings.change(
                        tx,
                        before.id(),
                        providerImage,
                        text(body, STATUS)
                                .map(MappingsApi::status)
                                .orElse(before.content().status()),
                        expected.or(() -> Optional.of(before.version())),
                        ask.caller().user())
                .orThrow());
        return shown(ask, 200, changed);
    }

    private HttpReply remove(Ask ask, ImageMapping before) {
        var expected = ask.expected(Json.object(), before.version());
        database.inTransaction(tx ->
                mappings.remove(tx, before.id(), expected, ask.caller().user()).orThrow());
        return HttpReply.of(204, "", "");
    }

    private HttpReply lookup(Ask ask) {
        if (!ask.method().equals("GET")) {
            throw ask.wrongMethod();
        }
        var image = ask.parameter(IMAGE).orElse("");
        var account = ask.parameter(ACCOUNT).map(text -> uuid(ACCOUNT, text));
        var found = account.flatMap(id -> database.inTransaction(tx ->
                places.account(tx, id).flatMap(known -> mappings.lookup(tx, image, ask.parameter(BUILD), known))));
        var content = found.orElseThrow(() -> new RefusedException(
                        Refusal.notThere("nothing stands for image " + image + " at this account")))
                .content();
        return ask.reply(
                200,
                Json.object()
                        .set(
                                MAPPING,
                                Json.object()
                                        .put(PROVIDER_IMAGE, content.providerImage())
                                        .put(STATUS, content.status().name())));
    }

    private static MappingStatus status(String word) {
        return MappingStatus.named(word)
                .orElseThrow(() -> new RefusedException(
                        Refusal.malformed(STATUS, "status must be one of NEW, PUSHING, COMPLETE, FAILED, IMPORTED")));
    }

    private static HttpReply.Content shown(Ask ask, int status, ImageMapping mapping) {
        return ask.reply(status, Json.object().set(MAPPING, node(ask, mapping)))
                .with("ETag", "\"" + mapping.version() + "\"");
    }

    private static ObjectNode node(Ask ask, ImageMapping mapping) {
        var content = mapping.content();
        return Json.object()
                .put("id", mapping.id().toString())
                .put("href", ask.href(MAPPINGS, mapping.id().toString()))
                .put(IMAGE, mapping.image())
                .put(BUILD, content.build().orElse(null))
                .put(ACCOUNT, content.account().map(UUID::toString).orElse(null))
                .put(PROVIDER, content.provider().map(UUID::toString).orElse(null))
                .put(PROVIDER_IMAGE, content.providerImage())
                .put(STATUS, content.status().name())
                .put("created_at", mapping.created().toString())
                .put("lock_version", mapping.version() - 1);
    }
}
