package holdfast.federation.wire;

import holdfast.core.Quantity;
import holdfast.platform.Json;
import holdfast.protocol.rear.Contract;
import holdfast.protocol.rear.Dimension;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.HostingPolicy;
import holdfast.protocol.rear.Location;
import holdfast.protocol.rear.NetworkRule;
import holdfast.protocol.rear.NodeIdentity;
import holdfast.protocol.rear.ServiceOffer;
import holdfast.protocol.rear.Transaction;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What nodes that are out there speak, misspelt words and all (fluidos.md 2, 5). Amounts are exact.
final class NodeDialect extends RearWriter implements Spelling {
    private final KindWriter kinds = new KindWriter(this);

    @Override
    ObjectNode tree(Flavor flavor) {
        var written = Json.object().put("flavorID", flavor.id()).put("providerID", flavor.provider());
        written.set("type", kinds.type(flavor.kind()));
        Trees.put(written, "networkPropertyType", flavor.network());
        written.put("timestamp", flavor.since().toString());
        Trees.set(written, "location", place(flavor.place()));
        written.set("price", Trees.price(flavor.price()));
        written.set("owner", identity(flavor.owner(), flavor.owner().fabric()));
        return written.put("availability", flavor.available());
    }

    @Override
    ObjectNode tree(Transaction.Ask ask) {
        var written = Json.object().put("flavorID", ask.flavor());
        written.set("buyerID", identity(ask.buyer(), ask.buyer().fabric()));
        ask.configuration().ifPresent(bought -> written.set("configuration", kinds.configuration(bought)));
        ask.term().ifPresent(term -> written.set("term", Trees.term(term)));
        return written;
    }

    @Override
    ObjectNode tree(Transaction transaction) {
        var written = Json.object().put("transactionID", transaction.id()).put("flavorID", transaction.flavor());
        transaction.configuration().ifPresent(bought -> written.set("configuration", kinds.configuration(bought)));
        written.set("buyer", identity(transaction.buyer(), transaction.buyer().fabric()));
        return written.put("clusterID", transaction.cluster())
                .put("expirationTime", Trees.until(transaction.expires()));
    }

    @Override
    ObjectNode tree(Contract.Ask ask) {
        var written = Json.object();
        ask.credentials().ifPresent(credentials -> written.set("liqoCredentials", credentials(credentials)));
        ask.telemetry().ifPresent(telemetry -> written.set("ingressTelemetryEndpoint", telemetry(telemetry)));
        return written;
    }

    /// Buyer and seller name their fabrics, or nodes that are out there stumble.
    @Override
    ObjectNode tree(Contract contract) {
        var credentials = contract.credentials()
                .orElseGet(() ->
                        new Contract.Credentials(contract.seller().fabric().orElse(""), ""));
        var written = Json.object().put("contractID", contract.id()).put("transactionID", contract.transaction());
        written.set("flavor", tree(contract.flavor()));
        written.set(
                "buyerID",
                identity(contract.buyer(), contract.buyer().fabric().or(() -> Optional.of(contract.cluster()))));
        written.put("buyerClusterID", contract.cluster());
        written.set(
                "seller",
                identity(contract.seller(), contract.seller().fabric().or(() -> Optional.of(credentials.cluster()))));
        written.set("peeringTargetCredentials", credentials(credentials));
        contract.expires().ifPresent(end -> written.put("expirationTime", Trees.until(end)));
        contract.configuration().ifPresent(bought -> written.set("configuration", kinds.configuration(bought)));
        var extra = Json.object();
        new TreeMap<>(contract.extra()).forEach(extra::put);
        Trees.set(written, "extraInformation", extra);
        Trees.put(written, "networkAuthorizations", contract.networkRules());
        contract.telemetry().ifPresent(telemetry -> written.set("ingressTelemetryEndpoint", telemetry(telemetry)));
        return written;
    }

    @Override
    public String characteristics() {
        return "charateristics";
    }

    @Override
    public boolean alwaysGpu() {
        return true;
    }

    @Override
    public String amount(Dimension dimension, Quantity amount) {
        return amount.text();
    }

    @Override
    public String atLeast(Dimension dimension, Quantity amount) {
        return amount.text();
    }

    @Override
    public ObjectNode end(NetworkRule.End end) {
        var written = Json.object().put("isHotCluster", end.host());
        written.putObject("resourceSelectors")
                .put("typeIdentifier", end.block().isPresent() ? "CIDRSelector" : "PodNamespaceSelector")
                .set("selector", KindWriter.selector(end));
        return written;
    }

    @Override
    public ObjectNode service(ServiceOffer offer) {
        var data = Json.object()
                .put("name", offer.name())
                .put("description", offer.description())
                .put("category", offer.category());
        data.set("tags", Trees.texts(offer.tags()));
        data.set(
                "hostingPolicies",
                Trees.texts(offer.hosting().stream().map(HostingPolicy::word).toList()));
        data.set("configurationTemplate", offer.template());
        return data;
    }

    @Override
    public String setting(String key) {
        return key;
    }

    @Override
    public JsonNode settings(JsonNode data) {
        return data;
    }

    /// The country travels as altitude (U4).
    private static ObjectNode place(Location place) {
        var written = Json.object();
        Trees.put(written, "latitude", place.latitude());
        Trees.put(written, "longitude", place.longitude());
        Trees.put(written, "altitude", place.country());
        Trees.put(written, "city", place.city());
        Trees.put(written, "additionalNotes", place.notes());
        return written;
    }

    static ObjectNode identity(NodeIdentity node, Optional<String> fabric) {
        var written =
                Json.object().put("ID", node.id()).put("IP", node.address()).put("domain", node.domain());
        fabric.ifPresent(id -> written.putObject("additionalInformation").put("liqoID", id));
        return written;
    }

    private static ObjectNode credentials(Contract.Credentials credentials) {
        var written = Json.object()
                .put("clusterID", credentials.cluster())
                .put("kubeconfig", credentials.kubeconfig().orElse(""));
        Trees.put(written, "clusterName", credentials.name());
        Trees.put(written, "endpoint", credentials.endpoint());
        Trees.put(written, "token", credentials.token());
        return written;
    }

    static ObjectNode telemetry(Contract.Telemetry telemetry) {
        var written = Json.object().put("endpoint", telemetry.endpoint());
        written.set("intents", Trees.texts(telemetry.intents()));
        return written;
    }
}
