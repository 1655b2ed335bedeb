package holdfast.core;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// What one sliver asks for, whatever language it was asked in.
///
/// @param kind the type of sliver: `VM`, later `Switch`, `L2Bridge`, ... (fabric.md 2.7)
/// @param name the user's name for it, unique in its slice
/// @param site site code, such as `RENC`; empty = any of our own
/// @param capacities what a host must have free; zero for kinds that need none
/// @param host name of the one host that will do, if the user insists (`instance_parent` of fabric.md 2.8)
/// @param image what to boot, such as `default_rocky_9`
/// @param components devices that must all be on the same host
/// @param manifest what to run instead, where that is a cluster: objects of Kubernetes in YAML
/// @param services that what runs of the manifest uses
public record Demand(
        String kind,
        String name,
        String site,
        Capacities capacities,
        Optional<String> host,
        Optional<String> image,
        List<Component> components,
        Optional<String> manifest,
        List<Service> services) {
    public Demand {
        components = List.copyOf(components);
        services = services == null ? List.of() : List.copyOf(services); // stored before there were any
    }

    /// A machine.
    public Demand(
            String kind,
            String name,
            String site,
            Capacities capacities,
            Optional<String> host,
            Optional<String> image,
            List<Component> components) {
        this(kind, name, site, capacities, host, image, components, Optional.empty(), List.of());
    }

    /// The same, which may run a manifest as well.
    public Demand running(Optional<String> what) {
        return new Demand(kind, name, site, capacities, host, image, components, what, List.of());
    }

    /// The same, whose manifest uses these services.
    public Demand using(List<Service> bought) {
        return new Demand(kind, name, site, capacities, host, image, components, manifest, bought);
    }

    /// The same at another site.
    public Demand at(String elsewhere) {
        return new Demand(kind, name, elsewhere, capacities, host, image, components, manifest, services);
    }

    /// A service that was bought.
    ///
    /// @param name what it is called in its intent
    /// @param contract under which it was
    /// @param access how it is reached, sealed for that contract
    public record Service(String name, UUID contract, String access) {}

    /// One device.
    ///
    /// @param name the user's name for it, unique in its node
    /// @param type `GPU`, `NVME`, `SmartNIC`, `SharedNIC`, `FPGA`, `Storage`
    /// @param model catalog model such as `Tesla T4`; empty = any of the type
    public record Component(String name, String type, Optional<String> model) {
        @Override
        public String toString() {
            return model.map(known -> type + " " + known).orElse(type);
        }
    }
}
