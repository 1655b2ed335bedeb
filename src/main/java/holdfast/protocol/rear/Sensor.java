package holdfast.protocol.rear;

import holdfast.protocol.rear.Configuration.Access.Protocol;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// A sensor whose readings are sold: they may have many readers, so a sale takes nothing away from others.
///
/// @param sensorType such as `temperature`
/// @param model empty text, as are the next two, if not known
/// @param samplingRate milliseconds
/// @param accuracy percent
/// @param consumption milliwatts
/// @param connector `Interface` on the wire
/// @param methods by which it is read over HTTP; empty if it is not
/// @param qos of its MQTT topic; empty if it has none
/// @param properties among the additional ones are its units (`MeasurementUnit`, ...) and `AccessProtocol`
public record Sensor(
        String sensorType,
        String model,
        String manufacturer,
        String market,
        OptionalLong samplingRate,
        OptionalLong accuracy,
        OptionalLong consumption,
        String connector,
        Optional<List<String>> methods,
        Optional<String> qos,
        Properties properties)
        implements Kind {
    public Sensor {
        methods = methods.map(List::copyOf);
    }

    /// How it may be read.
    public Set<Protocol> access() {
        var found = EnumSet.noneOf(Protocol.class);
        methods.ifPresent(any -> found.add(Protocol.HTTP));
        qos.ifPresent(any -> found.add(Protocol.MQTT));
        return found;
    }

    @Override
    public FlavorType type() {
        return FlavorType.SENSOR;
    }

    @Override
    public Vector vector() {
        return Vector.NONE;
    }

    @Override
    public Policy policy() {
        return Policy.FREE;
    }

    @Override
    public Sensor with(Vector amounts) {
        return this;
    }
}
