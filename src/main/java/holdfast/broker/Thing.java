package holdfast.broker;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/// Something that exists and can be claimed for a time (promise.md 4.7).
///
/// @param provider whose it is; empty for what is of a project
/// @param name what the provider calls it, its id if it has one; of a server or a reservation the id that it has here
public record Thing(Kind kind, Optional<UUID> provider, String name) {
    private static final UUID NOBODY = new UUID(0, 0);

    /// What it is.
    public enum Kind {
        NETWORK,
        IMAGE,
        HOST,
        SERVER,
        RESERVATION;

        /// As it is said.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Optional<Kind> of(String word) {
            return Arrays.stream(values())
                    .filter(kind -> kind.word().equals(word))
                    .findFirst();
        }

        /// All words, to choose from.
        public static List<String> words() {
            return Arrays.stream(values()).map(Kind::word).toList();
        }

        /// Whether it is of a project, and not of a provider.
        boolean isOurs() {
            return this == SERVER || this == RESERVATION;
        }
    }

    static Thing ours(Kind kind, UUID id) {
        return new Thing(kind, Optional.empty(), id.toString());
    }

    /// Its name in the broker's book: hosts have one anyway.
    public String place() {
        var owner = provider.orElse(NOBODY);
        return kind == Kind.HOST ? Places.host(owner, name) : Places.thing(owner, kind.word(), name);
    }

    /// The id that it has here, if it has one.
    Optional<UUID> id() {
        try {
            return kind.isOurs() ? Optional.of(UUID.fromString(name)) : Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /// What a place stands for; empty for accounts, zones, networks of addresses, and what is
    /// of no provider.
    public static Optional<Thing> at(String place) {
        var parts = place.split("/", 5);
        if (parts.length < 4 || !Places.isOfProvider(place)) {
            return Optional.empty();
        }
        var owner = Places.provider(place);
        if (parts.length == 5 && parts[2].equals(Places.THING)) {
            return Kind.of(parts[3])
                    .map(kind -> new Thing(kind, Optional.of(owner).filter(id -> !id.equals(NOBODY)), parts[4]));
        }
        return parts[2].equals(Places.HOST)
                ? Optional.of(new Thing(Kind.HOST, Optional.of(owner), Places.name(place)))
                : Optional.empty();
    }
}
