package holdfast.inventory;

import java.util.Set;

/// Names of vertex properties, as in files.
public final class Property {
    public static final String GRAPH_ID = "GraphID";
    public static final String NODE_ID = "NodeID";
    public static final String CLASS = "Class";
    public static final String STITCH_NODE = "StitchNode";
    public static final String TYPE = "Type";
    public static final String NAME = "Name";
    public static final String MODEL = "Model";
    public static final String DETAILS = "Details";
    public static final String SITE = "Site";
    public static final String LOCATION = "Location";
    public static final String LAYER = "Layer";
    public static final String CAPACITIES = "Capacities";
    public static final String CAPACITY_HINTS = "CapacityHints";
    public static final String CAPACITY_ALLOCATIONS = "CapacityAllocations";
    public static final String CAPACITY_DELEGATIONS = "CapacityDelegations";
    public static final String LABELS = "Labels";
    public static final String LABEL_ALLOCATIONS = "LabelAllocations";
    public static final String LABEL_DELEGATIONS = "LabelDelegations";
    public static final String PEER_LABELS = "PeerLabels";
    public static final String GATEWAY = "Gateway";
    public static final String RESERVATION_INFO = "ReservationInfo";
    public static final String STRUCTURAL_INFO = "StructuralInfo";
    public static final String NODE_MAP = "NodeMap";
    public static final String IMAGE_REF = "ImageRef";
    public static final String MGMT_IP = "MgmtIp";
    public static final String CONTROLLER_URL = "ControllerURL";
    public static final String MIRROR_PORT = "MirrorPort";
    public static final String MIRROR_VLAN = "MirrorVlan";
    public static final String MIRROR_DIRECTION = "MirrorDirection";
    public static final String ERO = "ERO";
    public static final String PATH_INFO = "PathInfo";
    public static final String TAGS = "Tags";
    public static final String FLAGS = "Flags";
    public static final String USER_DATA = "UserData";
    public static final String MEASUREMENT_DATA = "MeasurementData";
    public static final String LAYOUT_DATA = "LayoutData";
    public static final String BOOT_SCRIPT = "BootScript";
    public static final String MAINTENANCE_INFO = "MaintenanceInfo";

    /// Properties that identify a vertex and are therefore not among [Vertex#properties].
    static final Set<String> IDENTITY = Set.of(GRAPH_ID, NODE_ID, CLASS, STITCH_NODE);

    private static final Set<String> JSON = Set.of(
            LOCATION,
            CAPACITIES,
            CAPACITY_HINTS,
            CAPACITY_ALLOCATIONS,
            CAPACITY_DELEGATIONS,
            LABELS,
            LABEL_ALLOCATIONS,
            LABEL_DELEGATIONS,
            PEER_LABELS,
            GATEWAY,
            RESERVATION_INFO,
            STRUCTURAL_INFO,
            NODE_MAP,
            ERO,
            PATH_INFO,
            TAGS,
            FLAGS,
            USER_DATA,
            MEASUREMENT_DATA,
            LAYOUT_DATA,
            MAINTENANCE_INFO);

    private Property() {}

    /// Whether the value of that property is a JSON text.
    public static boolean isJson(String property) {
        return JSON.contains(property);
    }

    /// Whether a value means that the property is absent: the empty text and the word `None`.
    public static boolean isAbsent(String value) {
        return value.isEmpty() || value.equals("None");
    }
}
