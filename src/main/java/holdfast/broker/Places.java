package holdfast.broker;

import java.util.UUID;

/// The names that what a provider has gets in the broker's book. Accounts and zones sort before hosts, and are locked
/// before them.
final class Places {
    static final String HOST = "h";
    static final String THING = "e";

    private Places() {}

    /// All that the account may have.
    static String account(UUID provider) {
        return "p/" + provider;
    }

    static String zone(UUID provider, String zone) {
        return account(provider) + "/a/" + zone;
    }

    static String host(UUID provider, String host) {
        return account(provider) + "/" + HOST + "/" + host;
    }

    /// The addresses of an external network.
    static String network(UUID provider, String network) {
        return account(provider) + "/n/" + network;
    }

    /// Something else that exists.
    static String thing(UUID provider, String kind, String name) {
        return account(provider) + "/" + THING + "/" + kind + "/" + name;
    }

    /// Whether it is one of these names; sites have others.
    static boolean isOfProvider(String place) {
        return place.startsWith("p/");
    }

    static boolean isAccount(String place) {
        return place.indexOf('/', 2) < 0;
    }

    static boolean isZone(String place) {
        return place.startsWith("/a/", place.indexOf('/', 2));
    }

    /// Whose a place is.
    static UUID provider(String place) {
        return UUID.fromString(place.split("/", 3)[1]);
    }

    /// The name of a host whose place this is.
    static String name(String place) {
        return place.split("/", 4)[3];
    }
}
