package holdfast.api;

/// Where the ways in are that others must find, because the catalog of services names them.
public final class Entrances {
    /// First segment of the path of the identity service.
    public static final String IDENTITY = "identity";

    /// First segment of the path of the reservation service.
    public static final String BLAZAR = "blazar";

    /// Where the reservation service is: clients append `/leases` and the like (promise.md 5.4).
    public static final String RESERVATION = "/" + BLAZAR + "/v1";

    /// Where the intents of Promise are (promise.md 5.1).
    public static final String PROMISE = "/restjson/opnfv-promise";

    /// Where all of it is, in the words of OpenStack.
    public static final String REGION = "RegionOne";

    private Entrances() {}
}
