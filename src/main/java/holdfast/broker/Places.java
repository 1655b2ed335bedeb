package holdfast.broker;

import java.util.UUID;

/// The names that what a provider has gets in the broker's book. Accounts and zones sort before hosts, and are locked
/// before them.
public final class Places {
    static final String HOST = "h";
    static final String THING = "e";

    private Places() {}

    /// All that the account may have.
    public static String account(UUID provider) {
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

    /// One address of a network: a unit of its place.
    ///
    /// @param network the place
    public static String address(String network, String address) {
        return network + "/" + address;
    }

    /// The address that is this unit.
    public static String address(String unit) {
        return unit.substring(unit.lastIndexOf('/') + 1);
    }

    static boolean isAddress(String place) {
        return place.startsWith("/n/", place.indexOf('/', 2))
                && place.chars().filter(each -> each == '/').count() > 3;
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

    static boolean isHost(String place) {
        return place.startsWith("/" + HOST + "/", place.indexOf('/', 2));
    }

    /// Whose a place is.
    static UUID provider(String place) {
        return UUID.fromString(place.split("/", 3)[1]);
    }

    /// The name of a host, or the provider's id of a network, whose place this is.
    public static String name(String place) {
        return place.split("/", 4)[3];
    }
}
