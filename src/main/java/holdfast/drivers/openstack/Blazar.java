package holdfast.drivers.openstack;

import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/// Names that clients and the scheduler filter know since Blazar (promise.md 4.8, 5.6).
final class Blazar {
    /// The aggregate of hosts whose time is given by reservations only.
    static final String FREE_POOL = "freepool";
    /// In the metadata of an aggregate of held hosts: the project that may use them.
    static final String OWNER = "blazar:owner";
    /// A hint for the scheduler, and in the metadata of an aggregate with room for servers: the item.
    static final String RESERVATION = "reservation";
    /// Makes a flavor one for an item.
    static final String SLOT_SPEC = "aggregate_instance_extra_specs:reservation";

    static final String PREEMPTIBLE_SPEC = "blazar:preemptible";
    private static final String ZONE = "blazar_";
    private static final String FLAVOR = "reservation:";

    private Blazar() {}

    static String zone(UUID item) {
        return ZONE + item;
    }

    static boolean isZone(Optional<String> zone) {
        return zone.filter(name -> name.startsWith(ZONE)).isPresent();
    }

    static String flavor(UUID item) {
        return FLAVOR + item;
    }

    /// The item that a server makes use of, if it does.
    static Optional<String> item(Optional<String> zone, String flavor) {
        if (flavor.startsWith(FLAVOR)) return Optional.of(flavor.substring(FLAVOR.length()));
        return zone.filter(name -> name.startsWith(ZONE)).map(name -> name.substring(ZONE.length()));
    }

    /// A class of resources of which a server of the item takes one.
    static String resource(UUID item) {
        return "CUSTOM_RESERVATION_" + item.toString().toUpperCase(Locale.ROOT).replace('-', '_');
    }

    /// What has the room on a host, a part of the host's own provider of resources.
    static String room(String host) {
        return "blazar_" + host;
    }
}
