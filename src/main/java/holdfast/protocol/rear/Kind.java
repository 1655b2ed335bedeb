package holdfast.protocol.rear;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Optional;

/// What a flavor is: a piece of a cluster, a virtual machine, a service, a sensor (fluidos.md 2.6).
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "is")
@JsonSubTypes({
    @JsonSubTypes.Type(K8Slice.class),
    @JsonSubTypes.Type(Vm.class),
    @JsonSubTypes.Type(ServiceOffer.class),
    @JsonSubTypes.Type(Sensor.class)
})
public sealed interface Kind permits K8Slice, Vm, ServiceOffer, Sensor {
    FlavorType type();

    /// What is counted when it is sold; nothing if a sale takes nothing away from others.
    Vector vector();

    /// Into which pieces it may be cut.
    Policy policy();

    Properties properties();

    /// The model of its GPUs, where it has some and names it.
    default Optional<String> gpuModel() {
        return Optional.empty();
    }

    /// The same with other amounts: what is left of it.
    Kind with(Vector amounts);

    /// What so much of it takes of a machine.
    default Vector taking(Vector amounts) {
        return amounts;
    }

    /// How much of it there is on a machine that has `room` for it. What machines do not count is there.
    default Vector within(Vector room) {
        var most = vector();
        for (var dimension : Dimension.OF_MACHINES) {
            most = most.with(dimension, vector().min(room).get(dimension));
        }
        return most;
    }
}
