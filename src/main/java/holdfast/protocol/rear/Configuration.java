package holdfast.protocol.rear;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import holdfast.core.Quantity;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// What of a flavor is asked for or bought (fluidos.md 2.8).
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "is")
@JsonSubTypes({
    @JsonSubTypes.Type(Configuration.Slice.class),
    @JsonSubTypes.Type(Configuration.Instances.class),
    @JsonSubTypes.Type(Configuration.Settings.class),
    @JsonSubTypes.Type(Configuration.Access.class)
})
public sealed interface Configuration {
    FlavorType type();

    /// What it takes of the flavor.
    Vector amounts();

    /// What its buyer may keep of it: nothing that may be a password.
    default Configuration bare() {
        return this;
    }

    /// The model of the GPUs that are asked for, if that matters.
    default Optional<String> gpuModel() {
        return Optional.empty();
    }

    /// A piece of a [K8Slice].
    ///
    /// @param architecture empty if any will do
    record Slice(Vector amounts, Optional<String> gpuModel, Optional<String> architecture) implements Configuration {
        /// Amounts alone.
        public Slice(Vector amounts) {
            this(amounts, Optional.empty(), Optional.empty());
        }

        @Override
        public FlavorType type() {
            return FlavorType.K8SLICE;
        }
    }

    /// So many instances of a [Vm].
    record Instances(long count) implements Configuration {
        @Override
        public FlavorType type() {
            return FlavorType.VM;
        }

        @Override
        public Vector amounts() {
            return Vector.of(Dimension.COUNT, Quantity.of(count));
        }
    }

    /// A [ServiceOffer] with these settings.
    ///
    /// @param hosting empty: the usual one of the service
    /// @param data must satisfy the template of the service; may hold passwords, so it is never logged
    record Settings(Optional<HostingPolicy> hosting, JsonNode data) implements Configuration {
        @Override
        public FlavorType type() {
            return FlavorType.SERVICE;
        }

        @Override
        public Vector amounts() {
            return Vector.NONE;
        }

        @Override
        public Configuration bare() {
            return new Settings(hosting, JsonNodeFactory.instance.objectNode());
        }

        @Override
        public String toString() {
            return "Settings[hosting=" + hosting + "]";
        }
    }

    /// The readings of a [Sensor].
    record Access(Protocol protocol) implements Configuration {
        /// How they are read.
        public enum Protocol {
            HTTP,
            MQTT
        }

        @Override
        public FlavorType type() {
            return FlavorType.SENSOR;
        }

        @Override
        public Vector amounts() {
            return Vector.NONE;
        }
    }
}
