package holdfast.api.resources;

import holdfast.api.Keys;
import holdfast.core.Caller;
import holdfast.core.Refusal;
import holdfast.core.Role;
import holdfast.engine.handlers.Agents;
import holdfast.engine.types.Field;
import holdfast.engine.types.ResourceType;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Secrets;
import holdfast.pools.Projects;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Decides what a new resource is, from what its maker said: its id, whose it is, and what is kept of its secrets. Keys
/// for the interface are made here; the account of a project has the id of the project.
final class Births {
    private static final int DERIVED = 3;
    private static final int MOST_KEYS = 10;
    private static final Pattern NAME = Pattern.compile("[\\p{Alnum}][\\p{Alnum}._@-]{0,99}");
    private static final String USER = "user";
    private static final String ROLE = "role";

    private final Platform platform;
    private final Secrets secrets;
    private final Keys keys;

    Births(Platform platform, Secrets secrets, Keys keys) {
        this.platform = platform;
        this.secrets = secrets;
        this.keys = keys;
    }

    /// A resource that is about to be made.
    ///
    /// @param content as it is stored
    /// @param once what is shown this once
    record Birth(UUID id, String project, ObjectNode content, ObjectNode once) {}

    /// Keys for the interface are keys, and each agent is given one.
    private static boolean hasKey(Ask ask, ResourceType type) {
        return Keys.KINDS.contains(type.name()) || ask.kinds().root(type).name().equals(Agents.TYPE);
    }

    /// The keys of what is to be made, drawn before there is a transaction: their hashes take long.
    static List<Optional<Keys.Fresh>> keys(Ask ask, ResourceType type, int count) {
        boolean keyed = hasKey(ask, type);
        if (keyed && count > MOST_KEYS) {
            throw Problem.invalid(
                    "MaxLimitExceeded",
                    "body",
                    "the body is an array of " + count + "; of " + type.plural() + " at most " + MOST_KEYS
                            + " are made at once, for each has a key that takes long to make; send several requests");
        }
        return IntStream.range(0, count)
                .mapToObj(_ -> keyed ? Optional.of(Keys.Fresh.draw()) : Optional.<Keys.Fresh>empty())
                .toList();
    }

    /// @param values checked already
    /// @param key to be given to it, if it is one
    Birth of(Ask ask, ResourceType type, ObjectNode values, Optional<Keys.Fresh> key) {
        if (type.name().equals(Projects.KIND)) {
            return project(values);
        }
        var id = id(values);
        var once = Json.object();
        if (Keys.KINDS.contains(type.name())) {
            var holder = holder(ask.caller(), values);
            var made = keys.make(id, holder, key.orElseThrow());
            values.put(USER, holder.user()).put(ROLE, holder.role().word());
            values.put(Keys.ACCESS, made.access()).put(Keys.SECRET, made.sealed());
            once.put(Keys.SECRET, made.secret());
        } else {
            secret(ask.kinds().allFields(type), values).forEach(field -> once.set(field, values.get(field)));
            seal(ask.kinds().allFields(type), id, values);
        }
        return new Birth(id, ask.caller().project(), values, once);
    }

    private UUID id(ObjectNode values) {
        if (!values.path("uuid").isString()) {
            return platform.newId();
        }
        return Ids.uuid(values.get("uuid").stringValue())
                .filter(uuid -> uuid.version() != DERIVED) // those follow from names, and are not for everybody to take
                .orElseThrow(() -> Problem.invalid(
                        "InvalidFormat",
                        "uuid",
                        "uuid must be such as 0197b1c6-5f3e-7001-9c55-2f1f8a4f6c11, and not of version 3"));
    }

    private static Birth project(ObjectNode values) {
        var name = values.path("name").asString("");
        if (!NAME.matcher(name).matches()) {
            throw Problem.invalid(
                    name.isEmpty() ? "MissingRequired" : "InvalidCharacters",
                    "name",
                    "name is '" + Form.shorten(name) + "'; that of a project is 1 to 100 letters, digits and . _ @ -,"
                            + " beginning with a letter or digit");
        }
        return new Birth(Projects.id(name), name, values, Json.object());
    }

    /// For whom a key is to stand: its maker, or somebody who may do no more.
    private static Caller holder(Caller maker, ObjectNode values) {
        var role = Optional.ofNullable(values.get(ROLE))
                .filter(JsonNode::isString)
                .flatMap(word -> Role.named(word.stringValue()))
                .orElse(maker.role());
        if (!maker.role().covers(role)) {
            throw refused(
                    ROLE,
                    "role is " + role.word() + ", which is more than your own, "
                            + maker.role().word());
        }
        var user = values.path(USER).isString() ? values.get(USER).stringValue() : maker.user();
        if (!NAME.matcher(user).matches()) {
            throw Problem.invalid(
                    "InvalidCharacters",
                    USER,
                    "user is '" + Form.shorten(user) + "'; it must be 1 to 100 letters, digits and . _ @ -");
        }
        if (!user.equals(maker.user()) && !maker.admin()) {
            throw refused(USER, "only an administrator may make keys for others; leave user out");
        }
        return new Caller(user, maker.project(), role.admin(), role.readOnly());
    }

    private static Problem refused(String field, String message) {
        return Problem.of(new Refusal(Refusal.Kind.NOT_YOURS, message, Optional.of(field), Optional.empty()));
    }

    /// Seals the secrets among `values`.
    void seal(List<Field> fields, UUID id, ObjectNode values) {
        for (var field : secret(fields, values)) {
            var value = values.get(field);
            values.put(field, secrets.seal(id, field, value.isString() ? value.stringValue() : Json.text(value)));
        }
    }

    /// What a process may know of what somebody wrote.
    static ObjectNode withoutSecrets(List<Field> fields, ObjectNode body) {
        return body.deepCopy().remove(secret(fields, body));
    }

    private static List<String> secret(List<Field> fields, ObjectNode values) {
        return fields.stream()
                .filter(Field::secret)
                .map(Field::name)
                .filter(values::hasNonNull)
                .toList();
    }
}
