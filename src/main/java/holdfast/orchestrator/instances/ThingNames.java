package holdfast.orchestrator.instances;

import static java.nio.charset.StandardCharsets.UTF_8;

import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// What is at one account, in our names and in the provider's (aeolus.md 4.8): `<account>~<key>`, or
/// `<account>~~<digest>` for a key that does not fit into an id, which is noted then.
public final class ThingNames {
    private static final Pattern FIT = Pattern.compile("[A-Za-z0-9_.-][A-Za-z0-9_.~-]{0,90}");
    private static final String MARK = "~";
    private static final int DIGEST = 24;

    private final UUID account;
    private final Function<Collection<String>, Map<String, UUID>> instances;
    private final Function<String, Optional<String>> realms;
    private final Optional<String> part;
    private final Map<String, String> keys = new HashMap<>();
    private final Map<UUID, String> named = new HashMap<>();
    private final Map<String, Optional<UUID>> seen = new HashMap<>();
    private final Set<String> odd = new LinkedHashSet<>();
    private Predicate<String> plain = _ -> false;

    /// @param instances leads from what the provider calls instances to those of the pool
    /// @param realms leads from a realm of the provider to the name of one that users know
    /// @param part the realm of the provider in which something is to be made
    ThingNames(
            UUID account,
            Function<Collection<String>, Map<String, UUID>> instances,
            Function<String, Optional<String>> realms,
            Optional<String> part) {
        this.account = account;
        this.instances = instances;
        this.realms = realms;
        this.part = part;
    }

    /// The account that a thing is at, if it is an id of ours.
    static Optional<UUID> account(String id) {
        int end = id.indexOf(MARK);
        try {
            return end < 0
                    ? Optional.empty()
                    : Optional.of(UUID.fromString(id.substring(0, end))).filter(uuid -> id.startsWith(uuid + MARK));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /// What follows the account.
    static String rest(String id) {
        return id.substring(id.indexOf(MARK) + 1);
    }

    static boolean isSurrogate(String rest) {
        return rest.startsWith(MARK);
    }

    /// What stands for a key that does not fit into an id.
    static Optional<String> surrogate(String key) {
        if (FIT.matcher(key).matches()) {
            return Optional.empty();
        }
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(UTF_8));
            return Optional.of(MARK + HexFormat.of().formatHex(digest).substring(0, DIGEST));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static String id(UUID account, String key) {
        return account + MARK + surrogate(key).orElse(key);
    }

    /// Keys that are ids as they are, if they can be.
    ThingNames plain(Predicate<String> keys) {
        plain = keys.and(key -> surrogate(key).isEmpty() && account(key).isEmpty());
        return this;
    }

    public UUID account() {
        return account;
    }

    /// Ours for what the provider calls so.
    public String id(String key) {
        var id = plain.test(key) ? key : id(account, key);
        if (keys.putIfAbsent(id, key) == null && surrogate(key).isPresent()) {
            odd.add(key);
        }
        return id;
    }

    /// The provider's for one that was named by [#id] or [#know].
    ///
    /// @throws RefusedException NOT_THERE
    public String key(String id) {
        return Optional.ofNullable(keys.get(id))
                .orElseThrow(() -> new RefusedException(Refusal.notThere("there is no " + id)));
    }

    /// Of the pool; empty for an instance that is not.
    public Optional<UUID> instance(String key) {
        meet(List.of(key));
        return seen.getOrDefault(key, Optional.empty());
    }

    /// Looks up many at once, of which [#instance] is to tell.
    public void meet(Collection<String> keys) {
        var others =
                keys.stream().filter(key -> !seen.containsKey(key)).distinct().toList();
        if (!others.isEmpty()) {
            var found = instances.apply(others);
            others.forEach(key -> seen.put(key, Optional.ofNullable(found.get(key))));
        }
    }

    /// What the provider calls an instance that is part of a wish.
    public String key(UUID instance) {
        return Optional.ofNullable(named.get(instance))
                .orElseThrow(() -> new RefusedException(Refusal.notThere("there is no instance " + instance)));
    }

    public Optional<String> realm(String key) {
        return realms.apply(key);
    }

    public Optional<String> part() {
        return part;
    }

    ThingNames know(String id, String key) {
        keys.put(id, key);
        return this;
    }

    ThingNames know(UUID instance, String key) {
        named.put(instance, key);
        return this;
    }

    /// Keys that do not fit, and whose short names were told.
    Collection<String> odd() {
        return odd;
    }
}
