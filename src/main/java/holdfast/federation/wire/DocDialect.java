package holdfast.federation.wire;

import holdfast.core.Quantity;
import holdfast.core.Suffix;
import holdfast.platform.Json;
import holdfast.protocol.rear.Contract;
import holdfast.protocol.rear.Dimension;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.HostingPolicy;
import holdfast.protocol.rear.K8Slice;
import holdfast.protocol.rear.Location;
import holdfast.protocol.rear.NetworkRule;
import holdfast.protocol.rear.NodeIdentity;
import holdfast.protocol.rear.ServiceOffer;
import holdfast.protocol.rear.Transaction;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What is documented: the published schemas, corrected (fluidos.md 2, 10 A1). Their patterns know no amount below a
/// milli-CPU, a byte, a pod: offers are rounded down, the least and the step of a piece up.
///
/// Where a schema allows more than it names, what only nodes know is written too, in the same style, so that nothing
/// is lost between two of us.
final class DocDialect extends RearWriter implements Spelling {
    private static final Quantity MILLI = Quantity.ofNano(1_000_000);

    private final KindWriter kinds = new KindWriter(this);

    @Override
    ObjectNode tree(Flavor flavor) {
        var written = Json.object().put("flavorId", flavor.id()).put("providerId", flavor.provider());
        written.put("timestamp", flavor.since().toString());
        Trees.set(written, "location", place(flavor.place()));
        Trees.put(written, "networkPropertyType", flavor.network());
        var type = kinds.type(flavor.kind());
        if (flavor.kind() instanceof K8Slice && type.get("data") instanceof ObjectNode slice) {
            Trees.put(slice, "name", Optional.ofNullable(flavor.extra().get("name")));
        }
        written.set("type", type);
        written.set("price", Trees.price(flavor.price()));
        written.set("owner", owner(flavor.owner()));
        return written.put("availability", flavor.available());
    }

    @Override
    ObjectNode tree(Transaction.Ask ask) {
        var written = Json.object().put("FlavorID", ask.flavor());
        written.set("Buyer", identity(ask.buyer()));
        ask.configuration().ifPresent(bought -> written.set("Configuration", kinds.configuration(bought)));
        ask.term().ifPresent(term -> written.set("term", Trees.term(term)));
        return written;
    }

    @Override
    ObjectNode tree(Transaction transaction) {
        var written = Json.object().put("TransactionID", transaction.id()).put("FlavorID", transaction.flavor());
        written.set("Buyer", identity(transaction.buyer()));
        written.put("ClusterID", transaction.cluster());
        transaction.configuration().ifPresent(bought -> written.set("Configuration", kinds.configuration(bought)));
        return written.put("ExpirationTime", Trees.until(transaction.expires()));
    }

    /// The schema has no place for telemetry.
    @Override
    ObjectNode tree(Contract.Ask ask) {
        var written = Json.object();
        ask.credentials().ifPresent(credentials -> written.set("LiqoCredentials", credentials(credentials)));
        return written;
    }

    @Override
    ObjectNode tree(Contract contract) {
        var written = Json.object().put("ContractID", contract.id());
        Trees.put(written, "TransactionID", contract.transaction());
        written.set("Flavor", tree(contract.flavor()));
        written.set("Buyer", identity(contract.buyer()));
        Trees.put(written, "BuyerClusterID", contract.cluster());
        written.set("Seller", identity(contract.seller()));
        contract.expires().ifPresent(end -> written.put("ExpirationTime", Trees.until(end)));
        contract.credentials().ifPresent(credentials -> written.set("Credentials", credentials(credentials)));
        Trees.put(written, "NetworkRequests", contract.networkRules());
        contract.configuration().ifPresent(bought -> written.set("Configuration", kinds.configuration(bought)));
        var extra = Json.object();
        new TreeMap<>(contract.extra()).forEach(extra::put);
        Trees.set(written, "ExtraInformation", extra);
        contract.telemetry()
                .ifPresent(telemetry -> written.set("IngressTelemetryEndpoint", NodeDialect.telemetry(telemetry)));
        return written;
    }

    @Override
    public String characteristics() {
        return "characteristics";
    }

    @Override
    public boolean alwaysGpu() {
        return false;
    }

    @Override
    public String amount(Dimension dimension, Quantity amount) {
        return text(dimension, amount.floor(grain(dimension)));
    }

    @Override
    public String atLeast(Dimension dimension, Quantity amount) {
        var down = amount.floor(grain(dimension));
        return text(dimension, down.equals(amount) ? down : down.plus(grain(dimension)));
    }

    private static Quantity grain(Dimension dimension) {
        return switch (dimension) {
            case CPU, GPU_CORES -> MILLI;
            case MEMORY, PODS, STORAGE, GPU_MEMORY, COUNT -> Quantity.of(1);
        };
    }

    /// Digits alone where the pattern allows no suffix, or not each.
    private static String text(Dimension dimension, Quantity amount) {
        var nano = amount.nano();
        return switch (dimension) {
            case MEMORY, STORAGE, GPU_MEMORY ->
                new Quantity(nano, amount.family() == Suffix.BINARY ? Suffix.BINARY : Suffix.DECIMAL).text();
            case CPU, GPU_CORES, PODS, COUNT ->
                amount.floor(Quantity.of(1)).equals(amount)
                        ? nano.divide(Quantity.of(1).nano()).toString()
                        : nano.divide(MILLI.nano()) + "m";
        };
    }

    @Override
    public ObjectNode end(NetworkRule.End end) {
        var written = Json.object().put("isHostCluster", end.host());
        written.set("resourceSelector", KindWriter.selector(end));
        return written;
    }

    @Override
    public ObjectNode service(ServiceOffer offer) {
        var data = Json.object();
        var has = data.putObject("Characteristics")
                .put("Name", offer.name())
                .put("Description", offer.description())
                .put("Category", offer.category());
        has.set("Tags", Trees.texts(offer.tags()));
        has.set(
                "HostingPolicies",
                Trees.texts(offer.hosting().stream().map(HostingPolicy::word).toList()));
        has.set("ConfigurationTemplate", offer.template());
        return data;
    }

    @Override
    public String setting(String key) {
        return KindWriter.capital(key);
    }

    /// The published schema wants the text of it.
    @Override
    public JsonNode settings(JsonNode data) {
        return Json.array().add(data.toString()).get(0);
    }

    private static ObjectNode place(Location place) {
        var written = Json.object();
        Trees.put(written, "latitude", place.latitude());
        Trees.put(written, "longitude", place.longitude());
        Trees.put(written, "country", place.country());
        Trees.put(written, "city", place.city());
        Trees.put(written, "additionalNotes", place.notes());
        return written;
    }

    private static ObjectNode owner(NodeIdentity node) {
        var written = Json.object()
                .put("domain", node.domain())
                .put("nodeId", node.id())
                .put("ip", node.address());
        node.fabric().ifPresent(id -> written.putObject("additionalInformation").put("LiqoID", id));
        return written;
    }

    private static ObjectNode identity(NodeIdentity node) {
        var written = Json.object()
                .put("Domain", node.domain())
                .put("NodeID", node.id())
                .put("IP", node.address());
        node.fabric().ifPresent(id -> written.putObject("AdditionalInformation").put("LiqoID", id));
        return written;
    }

    private static ObjectNode credentials(Contract.Credentials credentials) {
        var written = Json.object().put("clusterID", credentials.cluster());
        Trees.put(written, "clusterName", credentials.name());
        Trees.put(written, "endpoint", credentials.endpoint());
        Trees.put(written, "token", credentials.token());
        Trees.put(written, "kubeconfig", credentials.kubeconfig());
        return written;
    }
}
