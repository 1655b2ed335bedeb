package holdfast.sim;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.broker.services.Blueprint;
import holdfast.broker.services.Category;
import holdfast.broker.services.Manifest;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.HostingPolicy;
import holdfast.protocol.rear.Location;
import holdfast.protocol.rear.NodeIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// The database of the published samples, for sale.
final class ServiceShop {
    private static final Path SAMPLE = Path.of(System.getProperty("holdfast.root", "."))
            .resolve("src/test/resources/rear/samples/service-blueprint-db.yaml");
    private static final YAMLMapper YAML = new YAMLMapper();

    private ServiceShop() {}

    /// Offers it, at each place that there is.
    static void open(World world, NodeIdentity seller) {
        open(world, seller, List.of(HostingPolicy.PROVIDER, HostingPolicy.CONSUMER, HostingPolicy.SHARED));
    }

    static void open(World world, NodeIdentity seller, List<HostingPolicy> hosting) {
        open(world, seller, hosting, Category.DATABASE.template());
    }

    /// As nodes of others sell it: a buyer must set all of its credentials.
    static void asking(World world, NodeIdentity seller) {
        var template = (ObjectNode) Category.DATABASE.template();
        template.putArray("required").add("username").add("password").add("database");
        open(world, seller, List.of(HostingPolicy.CONSUMER, HostingPolicy.PROVIDER), template);
    }

    private static void open(World world, NodeIdentity seller, List<HostingPolicy> hosting, JsonNode template) {
        var manifests = new ArrayList<Manifest>();
        try {
            YAML.readTree(Files.readString(SAMPLE))
                    .at("/spec/templates")
                    .forEach(one ->
                            manifests.add(new Manifest(one.path("name").stringValue(), "", one.path("serviceData"))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var blueprint =
                new Blueprint("db", "A database", Category.DATABASE, List.of("mysql"), hosting, template, manifests);
        assertThat(blueprint.faults()).isEmpty();
        var flavor = new Flavor(
                "db-mysql",
                seller.id(),
                seller,
                blueprint.offer(),
                Optional.empty(),
                true,
                Optional.empty(),
                Location.UNKNOWN,
                world.now(),
                Map.of());
        world.run(tx -> world.broker
                .blueprints()
                .add(tx, blueprint, flavor, "operators", "admin")
                .orThrow());
    }
}
