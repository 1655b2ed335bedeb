package holdfast.api;

import holdfast.core.Caller;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Database;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.PrivateFiles;
import holdfast.platform.Secrets;
import holdfast.platform.SlowHash;
import holdfast.pools.Projects;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;

/// Keys for the interface (cattle.md 2.6, 5.7): pairs of an access key, which names a resource of type `credential`,
/// and a secret key, of which a slow hash is kept. What a key stands for is sealed together with the hash, so that
/// nobody who can write the resource can make the key stand for more.
public final class Keys {
    /// The types whose keys are made here and open the interface.
    public static final Set<String> KINDS = Set.of("apiKey", "agentApiKey");

    /// The field of the access key.
    public static final String ACCESS = "publicValue";

    /// The field of the secret key.
    public static final String SECRET = "secretValue";

    private static final Pattern SHAPE = Pattern.compile("[0-9A-F]{32}");
    private static final String ACTIVE = "active";
    private static final int AT_ONCE = 2;
    private static final int AT_ONCE_EACH = 1;
    private static final String CROWDED =
            "too many keys are being verified at the same time; try again in some seconds";
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Duration VERIFIED_FOR = Duration.ofMinutes(5);
    private static final int MOST_VERIFIED = 1_000;

    private final Platform platform;
    private final Database database;
    private final Resources resources;
    private final Projects projects;
    private final Secrets secrets;
    private final Remembered<Boolean> verified;
    private final Turns hashing;

    /// A key that was just made.
    ///
    /// @param secret is shown once
    /// @param sealed what is kept of it
    public record Made(String access, String secret, String sealed) {}

    /// What only the holder of a key is to know, and the slow hash of it.
    public record Fresh(String secret, String hash) {
        /// Takes long: not for a transaction.
        public static Fresh draw() {
            var secret = PrivateFiles.newSecret();
            return new Fresh(secret, SlowHash.of(secret));
        }
    }

    private record Sealed(String hash, String user, String project, boolean admin, boolean readOnly) {
        Caller caller() {
            return new Caller(user, project, admin, readOnly);
        }
    }

    public Keys(Platform platform, Database database, Resources resources, Secrets secrets) {
        this(platform, database, resources, secrets, new Turns(AT_ONCE, AT_ONCE_EACH, PATIENCE, CROWDED));
    }

    Keys(Platform platform, Database database, Resources resources, Secrets secrets, Turns hashing) {
        this.hashing = hashing;
        this.platform = platform;
        this.database = database;
        this.resources = resources;
        this.projects = new Projects(resources);
        this.secrets = secrets;
        this.verified = new Remembered<>(platform, MOST_VERIFIED);
    }

    /// A key for the resource of that id.
    ///
    /// @param holder what it stands for
    public Made make(UUID id, Caller holder, Fresh fresh) {
        var sealed = new Sealed(fresh.hash, holder.user(), holder.project(), holder.admin(), holder.readOnly());
        return new Made(access(id), fresh.secret, secrets.seal(id, SECRET, Json.text(sealed)));
    }

    /// For whom a key stands. Each time the resource is looked at: a key that was just switched off is no key,
    /// whatever server is asked. A name that is no key costs next to nothing: access keys are no secret, and nobody
    /// is to keep the server busy with others.
    ///
    /// @param client the address that the request comes from
    /// @throws CannotTellException if it would take too long to find out
    Optional<Proof.Given> given(String access, String secret, String client) {
        return id(access)
                .flatMap(this::sealed)
                .filter(key ->
                        verified.find(access, secret, key.hash).isPresent() || verify(access, secret, key.hash, client))
                .map(key -> new Proof.Given(key.caller(), new Proof(Optional.of(access), key.hash)));
    }

    /// For whom a key stands whose secret was seen before.
    ///
    /// @param hash that its secret had then
    Optional<Caller> holder(String access, String hash) {
        return id(access)
                .flatMap(this::sealed)
                .filter(key -> key.hash.equals(hash))
                .map(Sealed::caller);
    }

    private Optional<Sealed> sealed(UUID id) {
        return database.inTransaction(tx -> resources
                .find(tx, id)
                .filter(Keys::isUsable)
                .flatMap(this::unsealed)
                .filter(key -> projects.isActive(tx, key.project)));
    }

    private static boolean isUsable(Resource resource) {
        return resource.type().equals("credential")
                && resource.state().equals(ACTIVE)
                && resource.removed().isEmpty()
                && KINDS.contains(resource.content().path("kind").asString(""));
    }

    private Optional<Sealed> unsealed(Resource resource) {
        var stored = resource.content().path(SECRET).asString("");
        try {
            return secrets.unseal(resource.id(), SECRET, stored).map(text -> Json.read(text, Sealed.class));
        } catch (JacksonException _) {
            return Optional.empty(); // sealed as something else, when it was of another kind
        }
    }

    private boolean verify(String access, String secret, String hash, String client) {
        try (var _ = hashing.take(client)) {
            boolean right = SlowHash.matches(secret, hash);
            if (right) {
                verified.add(true, platform.now().plus(VERIFIED_FOR), access, secret, hash);
            }
            return right;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new CannotTellException(CROWDED);
        }
    }

    private static String access(UUID id) {
        return id.toString().replace("-", "").toUpperCase(Locale.ROOT);
    }

    private static Optional<UUID> id(String access) {
        return SHAPE.matcher(access).matches()
                ? Optional.of(new UUID(
                        Long.parseUnsignedLong(access.substring(0, 16), 16),
                        Long.parseUnsignedLong(access.substring(16), 16)))
                : Optional.empty();
    }
}
