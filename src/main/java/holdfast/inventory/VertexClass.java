package holdfast.inventory;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The classes of vertices, with the types and names that each allows.
public enum VertexClass {
    NETWORK_NODE("NetworkNode", "[\\w\\-.]{2,255}", "Server", "VM", "Container", "Switch", "NAS", "Facility"),
    /// A site in an aggregate model.
    COMPOSITE_NODE("CompositeNode", "[\\w\\-.]{2,255}", "Server"),
    COMPONENT("Component", "[\\w\\-. ]{2,255}", "GPU", "SmartNIC", "SharedNIC", "FPGA", "NVME", "Storage"),
    NETWORK_SERVICE(
            "NetworkService",
            "[\\w\\-.]{2,255}",
            "P4",
            "MPLS",
            "OVS",
            "L2Path",
            "L2STS",
            "L2PTP",
            "L2Multisite",
            "L2Bridge",
            "FABNetv4",
            "FABNetv6",
            "PortMirror",
            "L3VPN",
            "VLAN",
            "FABNetv4Ext",
            "FABNetv6Ext"),
    CONNECTION_POINT(
            "ConnectionPoint",
            "[\\w\\-+/. :]{1,255}",
            "AccessPort",
            "TrunkPort",
            "ServicePort",
            "DedicatedPort",
            "SharedPort",
            "vInt",
            "StitchPort",
            "FacilityPort",
            "SubInterface"),
    LINK("Link", "[\\w\\-+/. :]{2,255}", "Patch", "L1Path", "L2Path");

    private final String word;
    private final Pattern name;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> types;

    VertexClass(String word, String name, String... types) {
        this.word = word;
        this.name = Pattern.compile(name, Pattern.UNICODE_CHARACTER_CLASS);
        this.types = List.of(types);
    }

    /// The word in files, such as `NetworkNode`.
    public String word() {
        return word;
    }

    /// The types that a vertex of this class may have.
    public List<String> types() {
        return types;
    }

    /// Whether a vertex of this class may be called `name`. Letters of any alphabet count as letters.
    public boolean allowsName(String name) {
        return this.name.matcher(name).matches();
    }

    /// The rule of [#allowsName] as shown to users.
    public String nameRule() {
        return name.pattern();
    }

    /// The class of that word, if it is one.
    public static Optional<VertexClass> of(String word) {
        return Arrays.stream(values()).filter(kind -> kind.word.equals(word)).findFirst();
    }

    static String words() {
        return Arrays.stream(values()).map(VertexClass::word).collect(Collectors.joining(", "));
    }
}
