package holdfast.protocol.rear;

import holdfast.core.Quantity;
import holdfast.core.Suffix;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// What of a flavor a filter may look at (fluidos.md 2.7).
public enum Attribute {
    ARCHITECTURE("architecture", "architectureFilter", Form.TEXT, FlavorType.K8SLICE, FlavorType.VM),
    OS("os", "osFilter", Form.TEXT, FlavorType.VM),
    CPU("cpu", "cpuFilter", Form.AMOUNT, FlavorType.K8SLICE, FlavorType.VM),
    MEMORY("memory", "memoryFilter", Form.AMOUNT, FlavorType.K8SLICE, FlavorType.VM),
    PODS("pods", "podsFilter", Form.AMOUNT, FlavorType.K8SLICE),
    STORAGE("storage", "storageFilter", Form.AMOUNT, FlavorType.K8SLICE, FlavorType.VM),
    /// GPU cores of a virtual machine.
    GPU("gpu", "gpuFilter", Form.AMOUNT, FlavorType.VM),
    GPU_MODEL("gpu.model", "gpuModelFilter", Form.TEXT, FlavorType.K8SLICE),
    GPU_CORES("gpu.cores", "gpuCoresFilter", Form.AMOUNT, FlavorType.K8SLICE),
    GPU_MEMORY("gpu.memory", "gpuMemoryFilter", Form.AMOUNT, FlavorType.K8SLICE),
    CATEGORY("category", "categoryFilter", Form.TEXT, FlavorType.SERVICE),
    /// Any of them.
    TAGS("tags", "tagsFilter", Form.TEXT, FlavorType.SERVICE),
    SENSOR_TYPE("sensor_type", "sensorTypeFilter", Form.TEXT, FlavorType.SENSOR),
    SENSOR_MODEL("sensor_model", "sensorModelFilter", Form.TEXT, FlavorType.SENSOR),
    SENSOR_MANUFACTURER("sensor_manufacturer", "sensorManufacturerFilter", Form.TEXT, FlavorType.SENSOR),
    /// Milliseconds.
    SAMPLING_RATE("sampling_rate", "samplingRateFilter", Form.AMOUNT, FlavorType.SENSOR),
    /// Any word of the place.
    LOCATION("location", "locationFilter", Form.TEXT, FlavorType.values()),
    COUNTRY("location.country", "countryFilter", Form.TEXT, FlavorType.values()),
    CITY("location.city", "cityFilter", Form.TEXT, FlavorType.values()),
    /// Milliseconds.
    LATENCY("latency", "latencyFilter", Form.AMOUNT, FlavorType.values()),
    /// Any of the standards of security.
    SECURITY("security", "securityStandardsFilter", Form.TEXT, FlavorType.values()),
    /// For an hour, in the currency of the flavor.
    PRICE("price", "priceFilter", Form.AMOUNT, FlavorType.values()),
    /// Expected grams for a kWh of the present hour.
    CARBON("carbon", "carbonFilter", Form.AMOUNT, FlavorType.values());

    /// What its values are.
    public enum Form {
        TEXT,
        AMOUNT
    }

    private final String word;
    private final String key;
    private final Form form;
    private final Set<FlavorType> types;

    Attribute(String word, String key, Form form, FlavorType... types) {
        this.word = word;
        this.key = key;
        this.form = form;
        this.types = EnumSet.of(types[0], types);
    }

    /// The resource in a query, `filter[<word>]...` (fluidos.md 5.4).
    public String word() {
        return word;
    }

    /// The key in a declared selector.
    public String key() {
        return key;
    }

    public Form form() {
        return form;
    }

    /// Whether flavors of that type have it.
    public boolean isOf(FlavorType type) {
        return types.contains(type);
    }

    /// The attribute with that word in queries, or that key in declared selectors.
    public static Optional<Attribute> of(String name) {
        return Stream.of(values())
                .filter(attribute -> attribute.word.equals(name) || attribute.key.equals(name))
                .findFirst();
    }

    /// The texts of a flavor of which one must pass a filter; an empty text for what is not said.
    public List<String> texts(Flavor flavor) {
        return switch (this) {
            case LOCATION -> flavor.place().words();
            case COUNTRY -> List.of(flavor.place().country());
            case CITY -> List.of(flavor.place().city());
            case SECURITY -> flavor.kind().properties().standards();
            case GPU_MODEL -> List.of(flavor.kind().gpuModel().orElse(""));
            case ARCHITECTURE, OS, CATEGORY, TAGS, SENSOR_TYPE, SENSOR_MODEL, SENSOR_MANUFACTURER ->
                switch (flavor.kind()) {
                    case K8Slice slice -> List.of(slice.architecture());
                    case Vm vm -> List.of(this == OS ? vm.os().orElse("") : vm.architecture());
                    case ServiceOffer service -> this == TAGS ? service.tags() : List.of(service.category());
                    case Sensor sensor ->
                        List.of(
                                this == SENSOR_TYPE
                                        ? sensor.sensorType()
                                        : this == SENSOR_MODEL ? sensor.model() : sensor.manufacturer());
                };
            case CPU, MEMORY, PODS, STORAGE, GPU, GPU_CORES, GPU_MEMORY, SAMPLING_RATE, LATENCY, PRICE, CARBON ->
                List.of();
        };
    }

    /// The amount that a flavor has, zero for what is not said. Empty for a price or emissions that nobody knows:
    /// who sets a limit to them wants it kept.
    public Optional<Quantity> amount(Flavor flavor) {
        return switch (this) {
            case CPU -> counted(flavor, Dimension.CPU);
            case MEMORY -> counted(flavor, Dimension.MEMORY);
            case PODS -> counted(flavor, Dimension.PODS);
            case STORAGE -> counted(flavor, Dimension.STORAGE);
            case GPU, GPU_CORES -> counted(flavor, Dimension.GPU_CORES);
            case GPU_MEMORY -> counted(flavor, Dimension.GPU_MEMORY);
            case SAMPLING_RATE ->
                Optional.of(Quantity.of(
                        flavor.kind() instanceof Sensor sensor
                                ? sensor.samplingRate().orElse(0)
                                : 0));
            case LATENCY -> Optional.of(Quantity.of(flavor.kind().properties().latency()));
            case PRICE ->
                flavor.price()
                        .flatMap(Price::hourly)
                        .map(hourly -> new Quantity(hourly.movePointRight(9).toBigInteger(), Suffix.DECIMAL));
            case CARBON ->
                flavor.kind()
                        .properties()
                        .carbon()
                        .flatMap(carbon ->
                                carbon.operational().stream().findFirst().map(Quantity::of));
            case ARCHITECTURE,
                    OS,
                    GPU_MODEL,
                    CATEGORY,
                    TAGS,
                    SENSOR_TYPE,
                    SENSOR_MODEL,
                    SENSOR_MANUFACTURER,
                    LOCATION,
                    COUNTRY,
                    CITY,
                    SECURITY -> Optional.empty();
        };
    }

    private static Optional<Quantity> counted(Flavor flavor, Dimension dimension) {
        return Optional.of(
                switch (flavor.kind()) {
                    case Vm vm -> vm.instance().get(dimension);
                    case K8Slice slice -> slice.vector().get(dimension);
                    case ServiceOffer _, Sensor _ -> Quantity.ZERO;
                });
    }
}
