package holdfast.federation.wire;

import holdfast.protocol.rear.FlavorType;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a node says that it can do (fluidos.md 5.9).
///
/// @param nodeId who it is in its domain; empty if it does not say
/// @param role `node` where it says nothing else
/// @param extensions what of fluidos.md 5.9 it answers, such as `cancel`; at most 100
/// @param ttpSeconds how long its holds last; 0 if it does not say
/// @param maxHops how far it passes questions on
/// @param auth how callers may prove who they are
public record Capabilities(
        Optional<String> nodeId,
        Optional<String> domain,
        String role,
        Set<Dialect> dialects,
        Set<FlavorType> flavorTypes,
        Set<String> extensions,
        long ttpSeconds,
        int maxHops,
        List<String> auth) {
    /// The role of one where offers of others are found.
    public static final String CATALOG = "catalog";

    /// Of a node that answers nothing but the three messages of REAR.
    public static final Capabilities WEAK = new Capabilities(
            Optional.empty(),
            Optional.empty(),
            "node",
            Set.of(Dialect.NODE),
            Set.of(FlavorType.K8SLICE, FlavorType.SERVICE),
            Set.of(),
            0,
            0,
            List.of("none"));

    public Capabilities {
        dialects = Set.copyOf(dialects);
        flavorTypes = Set.copyOf(flavorTypes);
        extensions = Set.copyOf(extensions);
        auth = List.copyOf(auth);
    }

    /// Whether its holds may be worth nothing, and nothing that it is asked may be asked again (fluidos.md 5.10, U7
    /// to U10).
    public boolean weak() {
        return !extensions.contains("request-id");
    }

    /// Whether what it sells may be asked for a term.
    public boolean takesTerms() {
        return extensions.contains("term");
    }

    /// Whether it lets contracts last longer when it is asked to.
    public boolean renews() {
        return extensions.contains("renew");
    }

    /// Whether it keeps what buyers sign.
    public boolean takesSignatures() {
        return extensions.contains("signatures");
    }

    /// Whether it tells of changes to who subscribes.
    public boolean tells() {
        return extensions.contains("subscriptions");
    }

    /// Whether buyers may connect to what runs there.
    public boolean connects() {
        return extensions.contains("connect");
    }

    /// Whether what it sells can be peered: it exchanges mail about it.
    public boolean lends() {
        return extensions.contains("mail");
    }
}
