package holdfast.api.cimi;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// Something that users keep, and of which nothing is made until they ask for it: templates and configurations
/// (aeolus.md 5.4.3).
///
/// @param type such as `VolumeTemplate`
/// @param entry the attribute of the entry point
/// @param needs see [Kind#needs]
/// @param content attributes of its own
/// @param required those of them that must be there
/// @param references which of them lead to resources, and in which collection these are
record Shape(
        String type,
        String path,
        String entry,
        Optional<String> needs,
        List<String> content,
        Set<String> required,
        Map<String, String> references) {
    static final Shape MACHINE = new Shape(
            "MachineTemplate",
            "machine_templates",
            "machineTemplates",
            Optional.empty(),
            List.of(
                    "initialState",
                    "machineConfig",
                    "machineImage",
                    "credential",
                    "volumes",
                    "volumeTemplates",
                    "networkInterfaces",
                    "userData",
                    "realm"),
            Set.of("machineConfig", "machineImage"),
            Map.of(
                    "machineConfig",
                    MachineConfigurations.PATH,
                    "machineImage",
                    MachineImages.PATH,
                    "credential",
                    Credentials.PATH));
    static final Shape SYSTEM = new Shape(
            "SystemTemplate",
            "system_templates",
            "systemTemplates",
            Optional.empty(),
            List.of(Component.DESCRIPTORS, "realm"),
            Set.of(Component.DESCRIPTORS),
            Map.of());
    static final Shape CREDENTIAL = new Shape(
            "CredentialTemplate",
            "credential_templates",
            "credentialTemplates",
            Optional.of(Credentials.NEEDS),
            List.of("key"),
            Set.of(),
            Map.of());
    static final Shape VOLUME = new Shape(
            "VolumeTemplate",
            "volume_templates",
            "volumeTemplates",
            Optional.of(Volumes.NEEDS),
            List.of("volumeConfig", "volumeImage", "realm"),
            Set.of("volumeConfig"),
            Map.of("volumeConfig", "volume_configurations", "volumeImage", VolumeImages.PATH));
    static final Shape VOLUME_CONFIGURATION = new Shape(
            "VolumeConfiguration",
            "volume_configurations",
            "volumeConfigs",
            Optional.of(Volumes.NEEDS),
            List.of("type", "format", Sizes.CAPACITY),
            Set.of(Sizes.CAPACITY),
            Map.of());
    static final Shape NETWORK = new Shape(
            "NetworkTemplate",
            "network_templates",
            "networkTemplates",
            Optional.of(Networks.NEEDS),
            List.of("networkConfig", "forwardingGroup", Networks.BLOCK),
            Set.of(),
            Map.of("networkConfig", "network_configurations", "forwardingGroup", ForwardingGroups.PATH));
    static final Shape NETWORK_CONFIGURATION = new Shape(
            "NetworkConfiguration",
            "network_configurations",
            "networkConfigs",
            Optional.of(Networks.NEEDS),
            List.of("networkType", "mtu", "classOfService", Networks.BLOCK),
            Set.of(),
            Map.of());
    static final Shape PORT = new Shape(
            "NetworkPortTemplate",
            "network_port_templates",
            "networkPortTemplates",
            Optional.of(NetworkPorts.NEEDS),
            List.of("network", "networkPortConfig", "portType", "classOfService", NetworkPorts.MACHINE),
            Set.of(),
            Map.of(
                    "network",
                    Networks.PATH,
                    "networkPortConfig",
                    "network_port_configurations",
                    NetworkPorts.MACHINE,
                    Machines.PATH));
    static final Shape PORT_CONFIGURATION = new Shape(
            "NetworkPortConfiguration",
            "network_port_configurations",
            "networkPortConfigs",
            Optional.of(NetworkPorts.NEEDS),
            List.of("portType", "classOfService"),
            Set.of(),
            Map.of());
    static final Shape ADDRESS = new Shape(
            "AddressTemplate",
            "address_templates",
            "addressTemplates",
            Optional.of(Addresses.NEEDS),
            List.of("ip", "hostname", "allocation", "defaultGateway", "dns", "protocol", "mask", "network"),
            Set.of("ip", "hostname", "allocation", "defaultGateway", "dns", "protocol", "mask"),
            Map.of("network", Networks.PATH));
    static final Shape FORWARDING_GROUP = new Shape(
            "ForwardingGroupTemplate",
            "forwarding_group_templates",
            "forwardingGroupTemplates",
            Optional.of(Networks.NEEDS),
            List.of(ForwardingGroups.NETWORKS, Networks.BLOCK),
            Set.of(),
            Map.of());

    Shape {
        content = List.copyOf(content);
        required = Set.copyOf(required);
        references = Map.copyOf(references);
    }

    /// The type of what is stored, such as `volumeTemplate`.
    String stored() {
        return type.substring(0, 1).toLowerCase(Locale.ROOT) + type.substring(1);
    }

    /// Makes the references in a document of this shape lead to here, whatever host they named.
    void lead(Face face, ObjectNode document) {
        references.forEach((field, path) -> Fields.object(document, field)
                .ifPresent(there -> Fields.reference(document, field)
                        .ifPresent(id -> there.put(Notation.HREF, face.at(path, id)))));
    }
}
