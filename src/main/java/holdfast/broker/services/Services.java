package holdfast.broker.services;

import holdfast.broker.market.Agreement;
import holdfast.broker.market.Delivery;
import holdfast.broker.market.Market;
import holdfast.engine.Engine;
import holdfast.engine.Post;
import holdfast.platform.Json;
import holdfast.platform.Secrets;
import holdfast.platform.Tx;
import holdfast.protocol.Message;
import holdfast.protocol.ServiceOrder;
import holdfast.protocol.rear.Configuration.Settings;
import holdfast.protocol.rear.Contract;
import holdfast.protocol.rear.HostingPolicy;
import holdfast.protocol.rear.ServiceAccess;
import holdfast.protocol.rear.ServiceOffer;
import holdfast.protocol.rear.Vault;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/// Has services made for those who buy them, and tells them how to get there (fluidos.md 4.5).
///
/// What a buyer does not set of its credentials follows from the contract and the key of the server, so it is kept
/// nowhere and told again the same.
public final class Services implements Delivery {
    private static final String CONTRACT = "reservation.fluidos.eu/contract";
    private static final String CREDENTIALS = "nodecore.fluidos.eu/flavor-service-credentials";
    private static final String BUYER = "buyer";

    /// What everybody tries first, and what nodes of others send unless somebody chose.
    private static final Set<String> COMMON = Set.of("", "admin", "adminpassword", "password", "root", "guest");

    private final String name;
    private final Optional<String> maker;
    private final Post post;
    private final Secrets secrets;
    private final Vault vault;
    private final Blueprints blueprints;

    /// Has `market` deliver by it from now on.
    ///
    /// @param name of the broker
    /// @param maker the actor that makes them; empty if nobody does: then there is nothing to sell, and what was
    ///     sold
    ///     before is told as it was
    public Services(
            String name, Optional<String> maker, Engine engine, Secrets secrets, Market market, Blueprints blueprints) {
        this.name = name;
        this.maker = maker;
        this.post = engine.post();
        this.secrets = secrets;
        this.vault = new Vault(secrets::seal, secrets::unseal);
        this.blueprints = blueprints;
        market.contracts().deliver(this);
    }

    @Override
    public Optional<String> by() {
        return maker;
    }

    @Override
    public Optional<String> kept(UUID contract, Contract.Ask ask) {
        return ask.credentials().map(way -> secrets.seal(contract, BUYER, Json.text(way)));
    }

    @Override
    public Contract plain(String key, Contract contract) {
        return vault.opened(key, contract);
    }

    @Override
    public void begin(Tx tx, UUID contract, Agreement agreement) {
        maker.ifPresent(who -> made(tx, contract, agreement).ifPresent(made -> {
            var order = secrets.seal(contract, Message.Deploy.ORDER, Json.text(made.order));
            post.send(
                    tx,
                    name,
                    who,
                    new Message.Deploy(contract, agreement.contract().id(), order));
        }));
    }

    @Override
    public void end(Tx tx, UUID contract, Agreement agreement) {
        if (agreement.contract().flavor().kind() instanceof ServiceOffer) {
            maker.ifPresent(who -> post.send(tx, name, who, new Message.Undeploy(contract)));
        }
    }

    @Override
    public Optional<Contract.Credentials> way(Tx tx, UUID contract, Agreement agreement) {
        return made(tx, contract, agreement).map(made -> {
            var bare = agreement.contract();
            var access = new ServiceAccess(made.endpoints, made.credentials);
            return access.told(bare.seller().fabric().orElse(bare.seller().id()), bare.id());
        });
    }

    /// @param endpoints such as `db.contract-1.svc.cluster.local:3306`, separated by commas
    private record Made(ServiceOrder order, String endpoints, Map<String, String> credentials) {}

    /// The same each time; nothing if it is no service of ours.
    private Optional<Made> made(Tx tx, UUID id, Agreement agreement) {
        return agreement.contract().flavor().kind() instanceof ServiceOffer offer
                ? blueprints.of(tx, agreement.root()).map(blueprint -> made(id, agreement, blueprint, offer))
                : Optional.empty();
    }

    private Made made(UUID id, Agreement agreement, Blueprint blueprint, ServiceOffer offer) {
        var contract = vault.opened(agreement.key(), agreement.contract());
        var settings = contract.configuration().map(Settings.class::cast);
        var values = new HashMap<String, JsonNode>();
        settings.ifPresent(set -> set.data().properties().forEach(one -> values.put(one.getKey(), one.getValue())));
        var credentials = new TreeMap<String, String>();
        for (var name : blueprint.category().credentials()) {
            var set = Optional.ofNullable(values.get(name))
                    .map(value -> value.asString(""))
                    .filter(value -> !COMMON.contains(value.toLowerCase(Locale.ROOT)));
            credentials.put(name, set.orElseGet(() -> madeUp(name, id, agreement)));
        }
        credentials.forEach((name, value) -> values.put(name, StringNode.valueOf(value)));
        var objects = new ArrayList<ObjectNode>();
        for (var manifest : blueprint.manifests()) {
            objects.add(manifest.render(values));
        }
        var endpoints = endpoints(contract.id(), blueprint, objects);
        objects.add(secret(contract.id(), endpoints, credentials));
        objects.forEach(object -> object.withObject("/metadata/labels").put(CONTRACT, contract.id()));
        var hosting = settings.flatMap(Settings::hosting)
                .orElseGet(() -> offer.hosted().getFirst());
        var order = new ServiceOrder(contract.id(), Manifests.yaml(objects), hosting, peer(id, agreement, hosting));
        return new Made(order, endpoints, credentials);
    }

    private String madeUp(String what, UUID id, Agreement agreement) {
        return ServiceAccess.madeUp(what, secrets.derived("service " + what, id + "\n" + agreement.transaction()));
    }

    private static String endpoints(String namespace, Blueprint blueprint, List<ObjectNode> objects) {
        var found = new ArrayList<String>();
        for (int index = 0; index < objects.size(); index++) {
            if (blueprint.manifests().get(index).isEndpoint()) {
                var service = objects.get(index).at("/metadata/name").asString("");
                objects.get(index)
                        .at("/spec/ports")
                        .forEach(port -> found.add(service + "." + namespace + ".svc.cluster.local:"
                                + port.path("port").asString("")));
            }
        }
        return found.stream().distinct().collect(Collectors.joining(","));
    }

    /// Where what runs in the buyer's name looks it up.
    private static ObjectNode secret(String contract, String endpoints, Map<String, String> credentials) {
        var secret = Json.object().put("apiVersion", "v1").put("kind", "Secret").put("type", "Opaque");
        var metadata = secret.putObject("metadata").put("name", "credentials-" + contract);
        metadata.putObject("labels").put(CREDENTIALS, "true");
        var data = secret.putObject("stringData").put("endpoints", endpoints);
        credentials.forEach(data::put);
        return secret;
    }

    /// The buyer's cluster, if something of it runs there.
    private Optional<ServiceOrder.Peer> peer(UUID id, Agreement agreement, HostingPolicy hosting) {
        return agreement
                .kept()
                .filter(_ -> hosting != HostingPolicy.PROVIDER)
                .flatMap(text -> secrets.unseal(id, BUYER, text))
                .map(plain -> Json.read(plain, Contract.Credentials.class))
                .map(way ->
                        new ServiceOrder.Peer(way.cluster(), way.kubeconfig().orElse("")));
    }
}
