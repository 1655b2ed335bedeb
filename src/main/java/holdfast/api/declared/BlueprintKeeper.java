package holdfast.api.declared;

import holdfast.broker.market.Market;
import holdfast.broker.services.Blueprint;
import holdfast.broker.services.Blueprints;
import holdfast.broker.services.Ware;
import holdfast.core.Answer;
import holdfast.core.Caller;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.HostingPolicy;
import holdfast.protocol.rear.NodeIdentity;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// By what services are made (fluidos.md 2.9), each sold as a flavor.
///
/// @param reading understands one
record BlueprintKeeper(
        NodeIdentity self,
        Platform platform,
        Engine engine,
        Market market,
        Blueprints blueprints,
        Function<JsonNode, Answer<Ware>> reading)
        implements Stored {
    /// What only administrators may do.
    private static final String MAY = "say what services are for sale";

    @Override
    public Sort sort() {
        return Sort.SERVICE_BLUEPRINT;
    }

    @Override
    public String type() {
        return Blueprint.TYPE;
    }

    @Override
    public List<Shown> shown(Tx tx, List<Resource> all) {
        var listed = market.listed(
                tx, all.stream().flatMap(one -> one.parent().stream()).toList());
        return all.stream()
                .map(one -> shown(one, one.parent().map(listed::get)))
                .toList();
    }

    /// @param flavor as which it is sold, as long as it is
    private Shown shown(Resource resource, Optional<Flavor> flavor) {
        var blueprint = resource.as(Blueprint.class);
        var status = Json.object();
        var flavors = status.putArray("serviceFlavors");
        flavor.ifPresent(
                sold -> flavors.add(said(blueprint, sold.id()).set("configurationTemplate", blueprint.template())));
        return Shown.of(sort(), resource, resource.name(), spec(blueprint), status);
    }

    /// @param name of the service, or of the flavor as which it is sold
    private static ObjectNode said(Blueprint blueprint, String name) {
        var said = Json.object()
                .put("name", name)
                .put("description", blueprint.description())
                .put("category", blueprint.category().word());
        said.set("tags", Json.toTree(blueprint.tags()));
        var hosting = said.putArray("hostingPolicies");
        blueprint.hosting().stream().map(HostingPolicy::word).forEach(hosting::add);
        return said;
    }

    private static ObjectNode spec(Blueprint blueprint) {
        var spec = said(blueprint, blueprint.title());
        var templates = spec.putArray("templates");
        blueprint
                .manifests()
                .forEach(one -> templates
                        .addObject()
                        .put("name", one.name())
                        .put("description", one.description())
                        .set("serviceData", one.object()));
        return spec;
    }

    @Override
    public Optional<UUID> make(Tx tx, Caller caller, String name, JsonNode spec) {
        Wishes.mayOperate(caller, MAY);
        var manifest = Json.object();
        manifest.putObject("metadata").put("name", name);
        manifest.set("spec", spec);
        var ware = Wishes.orRefuse(reading.apply(manifest));
        var added = blueprints.add(
                tx, ware.blueprint(), ware.flavor(self, platform.now()), caller.project(), caller.user());
        return Optional.of(added.orThrow().id());
    }

    @Override
    public void end(Tx tx, Caller caller, Shown shown) {
        Wishes.mayOperate(caller, MAY);
        blueprints.remove(tx, shown.made().orElseThrow(), caller.user()).orThrow();
    }
}
