package holdfast.inventory;

import holdfast.core.Answer;
import holdfast.core.Capacities;
import holdfast.core.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// The sizes of virtual machines and the models of devices that users may ask for.
///
/// @param instances smallest first: by cores, then RAM, then disk
/// @param components in the order of the file
public record Catalog(List<Instance> instances, List<Component> components) {
    public Catalog {
        instances = instances.stream()
                .sorted(Comparator.comparingLong(
                                (Instance instance) -> instance.capacities().get("core"))
                        .thenComparingLong(instance -> instance.capacities().get("ram"))
                        .thenComparingLong(instance -> instance.capacities().get("disk")))
                .toList();
        components = List.copyOf(components);
    }

    /// A size.
    ///
    /// @param name such as `fabric.c8.m16.d100`
    /// @param capacities cores, GB of memory, GB of disk
    public record Instance(String name, Capacities capacities) {}

    /// A model of device.
    ///
    /// @param aliases other names under which advertisements and users know the model
    /// @param ports speed in Gbit/s by port: `p1`, `p2`
    public record Component(
            String type, String model, List<String> aliases, String details, Map<String, Integer> ports) {
        public Component {
            aliases = List.copyOf(aliases);
            ports = Map.copyOf(ports);
        }

        /// The names of the ports of a component called `component`, in order: `<component>-p1`, ...
        public List<String> portNames(String component) {
            return ports.keySet().stream()
                    .sorted()
                    .map(port -> component + "-" + port)
                    .toList();
        }

        /// The name of the service inside a component of a node.
        public String serviceName(String node, String component) {
            return node + "-" + component + (type.equals("FPGA") ? "-l2p4" : "-l2ovs");
        }
    }

    /// The catalog that comes with the product.
    public static Catalog standard() {
        return Standard.CATALOG;
    }

    /// The smallest size that covers a request; a request too large for every size is refused, never shrunk.
    public Answer<Instance> covering(Capacities asked) {
        var wanted = Capacities.of(asked.get("core"), asked.get("ram"), asked.get("disk"));
        return instances.stream()
                .filter(instance -> wanted.fitsIn(instance.capacities()))
                .findFirst()
                .map(Answer::yes)
                .orElseGet(() -> Answer.no(Refusal.malformed(Property.CAPACITIES, tooLarge(wanted))));
    }

    /// The size of that name.
    public Optional<Instance> instance(String name) {
        return instances.stream()
                .filter(instance -> instance.name().equals(name))
                .findFirst();
    }

    /// The device model of that name or alias.
    public Optional<Component> component(String type, String model) {
        return components.stream()
                .filter(component -> component.type().equals(type)
                        && (component.model().equals(model)
                                || component.aliases().contains(model)))
                .findFirst();
    }

    private String tooLarge(Capacities wanted) {
        var largest = instances.stream().map(Instance::capacities).reduce(Capacities.NONE, Capacities::max);
        return "no size has %s; the largest single values are %s. Ask for less, or for several machines"
                .formatted(wanted, largest);
    }

    private static final class Standard {
        static final Catalog CATALOG =
                new Catalog(instances("instance_sizes.json"), components("component_catalog.json"));

        private static List<Instance> instances(String file) {
            var instances = new ArrayList<Instance>();
            for (var entry : resource(file).properties()) {
                var size = entry.getValue();
                instances.add(new Instance(
                        entry.getKey(),
                        Capacities.of(
                                size.get("core").longValue(),
                                size.get("ram").longValue(),
                                size.get("disk").longValue())));
            }
            return instances;
        }

        private static List<Component> components(String file) {
            var components = new ArrayList<Component>();
            for (var entry : resource(file)) {
                var aliases = new ArrayList<String>();
                entry.path("AlsoModels").forEach(alias -> aliases.add(alias.stringValue()));
                var ports = new TreeMap<String, Integer>();
                entry.path("Interfaces")
                        .properties()
                        .forEach(port -> ports.put(
                                port.getKey(), Integer.valueOf(port.getValue().stringValue())));
                components.add(new Component(
                        entry.get("Type").stringValue(),
                        entry.get("Model").stringValue(),
                        aliases,
                        entry.path("Details").asString("").strip(),
                        ports));
            }
            return components;
        }

        private static JsonNode resource(String file) {
            try (InputStream in = Catalog.class.getResourceAsStream(file)) {
                if (in == null) {
                    throw new IllegalStateException("the product lacks its file " + file);
                }
                return Json.MAPPER.readTree(in);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
