package holdfast.api.config;

import static holdfast.api.config.ImageForm.text;

import holdfast.api.config.ImageForm.WrongException;
import holdfast.core.Caller;
import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import holdfast.platform.Database;
import holdfast.platform.DatabaseUnavailableException;
import holdfast.platform.HttpReply;
import holdfast.platform.HttpRequest;
import holdfast.platform.Json;
import holdfast.platform.LostRaceException;
import holdfast.platform.Tx;
import holdfast.pools.Access;
import holdfast.pools.clouds.ImageMapper.UnavailableException;
import holdfast.pools.clouds.images.BrokerImages;
import holdfast.pools.clouds.images.BrokerImages.Content;
import holdfast.pools.clouds.images.BrokerImages.State;
import holdfast.pools.clouds.images.BrokerImages.Stored;
import holdfast.pools.clouds.images.ImageMappings;
import holdfast.pools.clouds.images.Places;
import holdfast.pools.clouds.images.ProviderImages;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jooq.impl.DSL;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Images and their mappings at `/broker/images` and `/broker/image_mappings` (aeolus.md 5.2.1). Everybody who is known
/// sees the images; administrators change them, and see and change what stands for them where.
public final class ImagesApi {
    public static final String IMAGES = "images";

    public static final String MAPPINGS = "image_mappings";

    /// The words after `broker` that are served here.
    static final List<String> PARTS = List.of(IMAGES, MAPPINGS);

    private static final String IMAGE = "image";
    private static final int USUAL = 100;
    private static final int MOST = 500;
    private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");
    private static final Pattern TAG = Pattern.compile("(?:W/)?\"(\\d{1,18})\"");

    private final Database database;
    private final BrokerImages images;
    private final ImageMappings mappings;
    private final Places places;
    private final MappingsApi others;

    /// @param live tells whether an image is at an account, where that is to be verified
    public ImagesApi(
            Database database, BrokerImages images, ImageMappings mappings, Places places, ProviderImages live) {
        this.database = database;
        this.images = images;
        this.mappings = mappings;
        this.places = places;
        this.others = new MappingsApi(database, mappings, places, live);
    }

    /// @param caller who is known
    /// @param path after `broker`; it begins with [#IMAGES] or [#MAPPINGS]
    public HttpReply serve(HttpRequest request, Caller caller, List<String> path) {
        boolean json = false;
        try {
            json = ImageForm.json(request);
            var rest = path.subList(1, path.size());
            return path.getFirst().equals(IMAGES)
                    ? images(new Ask(request, caller, json), rest)
                    : others.serve(new Ask(request, caller, json), rest);
        } catch (WrongException e) {
            return e.reply(json);
        } catch (RefusedException e) {
            return ImageForm.refused(json, e.refusal());
        } catch (LostRaceException _) {
            return ImageForm.refused(json, Refusal.clash("it was changed by somebody else just now"));
        } catch (DatabaseUnavailableException e) {
            return ImageForm.refused(json, Refusal.silent(e.advice()));
        } catch (UnavailableException e) {
            return ImageForm.refused(json, Refusal.silent(String.valueOf(e.getMessage())));
        }
    }

    /// One request, and who sends it.
    record Ask(HttpRequest request, Caller caller, boolean json) {
        /// HEAD is GET.
        String method() {
            return request.method().equals("HEAD") ? "GET" : request.method();
        }

        void needOperator(String what) {
            Access.mayOperate(caller, what).ifPresent(why -> {
                throw new RefusedException(why);
            });
            if (caller.readOnly() && !method().equals("GET")) {
                throw new RefusedException(Refusal.notYours(caller.user() + " may look and change nothing"));
            }
        }

        WrongException wrongMethod() {
            return new WrongException(
                    405,
                    "MethodNotAllowed",
                    request.method() + " is not served here; GET, and POST or PUT and DELETE are");
        }

        Optional<String> parameter(String name) {
            return request.query().getOrDefault(name, List.of()).stream()
                    .findFirst()
                    .filter(text -> !text.isEmpty());
        }

        int number(String name, int usual, int least, int most) {
            var said = parameter(name);
            if (said.isEmpty()) {
                return usual;
            }
            int number = NUMBER.matcher(said.get()).matches() ? Integer.parseInt(said.get()) : -1;
            if (number < least || number > most) {
                throw ImageForm.malformed(name + " must be a number from " + least + " to " + most);
            }
            return number;
        }

        int limit() {
            return number("limit", USUAL, 1, MOST);
        }

        int offset() {
            return number("offset", 0, 0, Integer.MAX_VALUE);
        }

        String href(String... path) {
            return request.base() + "/broker/" + String.join("/", path);
        }

        HttpReply.Content reply(int status, ObjectNode root) {
            return ImageForm.write(json, status, root);
        }

        /// The version that the caller read, as its body says.
        ///
        /// @param version as it is now
        Optional<Long> expected(JsonNode body, long version) {
            request.header("If-Match")
                    .map(String::strip)
                    .filter(tag -> !tag.equals("*"))
                    .ifPresent(tag -> {
                        var parts = TAG.matcher(tag);
                        if (!parts.matches() || Long.parseLong(parts.group(1)) != version) {
                            throw new WrongException(
                                    412,
                                    "PreconditionFailed",
                                    "it was changed by somebody else: its ETag is \"" + version + "\" now");
                        }
                    });
            return text(body, "lock_version")
                    .filter(text -> NUMBER.matcher(text).matches())
                    .map(text -> Long.parseLong(text) + 1);
        }
    }

    private HttpReply images(Ask ask, List<String> rest) {
        return switch (rest.size()) {
            case 0 ->
                switch (ask.method()) {
                    case "GET" -> list(ask);
                    case "POST" -> create(ask);
                    default -> throw ask.wrongMethod();
                };
            case 1 ->
                switch (ask.method()) {
                    case "GET" -> shown(ask, 200, found(rest.getFirst()));
                    case "PUT" -> change(ask, rest.getFirst());
                    case "DELETE" -> remove(ask, rest.getFirst());
                    default -> throw ask.wrongMethod();
                };
            default -> throw new WrongException(404, "RecordNotFound", "there is nothing at this address");
        };
    }

    private Stored found(String id) {
        return database.inTransaction(tx -> images.find(tx, id))
                .orElseThrow(() -> new RefusedException(Refusal.notThere("there is no image " + id)));
    }

    private HttpReply list(Ask ask) {
        var family = ask.parameter("pool_family").map(text -> uuid("pool_family", text));
        var state = ask.parameter("state").map(ImagesApi::state);
        var which = family.map(BrokerImages::seenIn)
                .orElse(DSL.noCondition())
                .and(state.map(BrokerImages::being).orElse(DSL.noCondition()));
        return database.inTransaction(tx -> {
            var all = Json.array();
            images.list(tx, which, ask.offset(), ask.limit()).forEach(image -> all.add(node(ask, image)));
            return ask.reply(200, Json.object().set(IMAGES, all))
                    .with("X-Total-Count", String.valueOf(images.count(tx, which)));
        });
    }

    private HttpReply create(Ask ask) {
        ask.needOperator("add images");
        var body = ImageForm.read(ask.request(), IMAGE);
        var id = text(body, "id").or(() -> text(body, "name")).orElse("");
        var usual = new Content(id, "", ask.caller().user(), Optional.empty(), Optional.empty(), List.of());
        var made = database.inTransaction(tx -> images.add(
                        tx,
                        id,
                        text(body, "state").map(ImagesApi::state).orElse(State.AVAILABLE),
                        content(tx, body, usual),
                        ask.caller().user())
                .orThrow());
        return shown(ask, 201, made).with("Location", ask.href(IMAGES, made.id()));
    }

    private HttpReply change(Ask ask, String id) {
        ask.needOperator("change images");
        var body = ImageForm.read(ask.request(), IMAGE);
        var before = found(id);
        var expected = ask.expected(body, before.version());
        var changed = database.inTransaction(tx -> images.change(
                        tx,
                        id,
                        text(body, "state").map(ImagesApi::state).orElse(before.state()),
                        content(tx, body, before.content()),
                        expected.or(() -> Optional.of(before.version())),
                        ask.caller().user())
                .orThrow());
        return shown(ask, 200, changed);
    }

    private HttpReply remove(Ask ask, String id) {
        ask.needOperator("take images out");
        var expected = ask.expected(Json.object(), found(id).version());
        database.inTransaction(tx ->
                mappings.removeImage(tx, id, expected, ask.caller().user()).orThrow());
        return HttpReply.of(204, "", "");
    }

    /// What is not said stays as it is.
    private Content content(Tx tx, JsonNode body, Content before) {
        var family = body.has("pool_family")
                ? text(body, "pool_family").map(text -> uuid("pool_family", text))
                : before.family();
        if (family.isPresent() && !places.isFamily(tx, family.get())) {
            throw new RefusedException(Refusal.malformed("pool_family", "there is no such pool family"));
        }
        return new Content(
                text(body, "name").orElse(before.name()),
                body.has("description") ? text(body, "description").orElse("") : before.description(),
                text(body, "owner").orElse(before.owner()),
                body.has("architecture") ? text(body, "architecture") : before.architecture(),
                family,
                ImageForm.texts(body, "builds").orElse(before.builds()));
    }

    static UUID uuid(String field, String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException _) {
            throw new RefusedException(Refusal.malformed(field, field + " names nothing that is there"));
        }
    }

    private static State state(String word) {
        return State.named(word)
                .orElseThrow(() -> new RefusedException(
                        Refusal.malformed("state", "state must be one of AVAILABLE, CREATING, ERROR")));
    }

    private HttpReply.Content shown(Ask ask, int status, Stored image) {
        return ask.reply(status, Json.object().set(IMAGE, node(ask, image)))
                .with("ETag", "\"" + image.version() + "\"");
    }

    private static ObjectNode node(Ask ask, Stored image) {
        var content = image.content();
        var node = Json.object()
                .put("id", image.id())
                .put("href", ask.href(IMAGES, image.id()))
                .put("uuid", image.uuid().toString())
                .put("name", content.name())
                .put("description", content.description())
                .put("owner", content.owner())
                .put("architecture", content.architecture().orElse(null))
                .put("pool_family", content.family().map(UUID::toString).orElse(null))
                .put("state", image.state().name());
        content.builds().forEach(node.putArray("builds")::add);
        return node.put("creation_time", image.created().toString()).put("lock_version", image.version() - 1);
    }
}
