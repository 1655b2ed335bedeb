package holdfast.api.resources;

import holdfast.broker.Sellable;
import holdfast.core.Answer;
import holdfast.core.Quantity;
import holdfast.core.Refusal;
import holdfast.protocol.rear.Dimension;
import holdfast.protocol.rear.FlavorType;
import holdfast.protocol.rear.K8Slice;
import holdfast.protocol.rear.Kind;
import holdfast.protocol.rear.Policy;
import holdfast.protocol.rear.Properties;
import holdfast.protocol.rear.Sensor;
import holdfast.protocol.rear.Vector;
import holdfast.protocol.rear.Vm;
import java.util.EnumMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/// Reads what kind of thing an administrator offers: a part of a cluster, machines of one size, a sensor (fluidos.md
/// 2.6).
final class KindIntake {
    private static final int LONGEST = 253;
    private static final int MOST = 1_000_000;
    private static final int MOST_METHODS = 10;
    private static final Vector GRAIN = Vector.of(Dimension.CPU, Quantity.of(1))
            .with(Dimension.MEMORY, Quantity.of("1Mi").orThrow())
            .with(Dimension.STORAGE, Quantity.of("1Gi").orThrow());
    private static final String ARCHITECTURE = "amd64";

    private KindIntake() {}

    /// What is offered, but for what the host says of it.
    interface Wish {
        /// @param part of the host that it is a part of
        /// @throws Problem if it is more than the host has
        Kind of(Optional<Sellable.Part> part);
    }

    /// @param onHost whether it is a part of a host
    /// @param faults takes all that is wrong; then what is returned is of no use
    static Wish read(Form form, boolean onHost, List<Refusal> faults) {
        var word = form.text("type", LONGEST).orElse(FlavorType.K8SLICE.word());
        return switch (FlavorType.of(word).orElse(FlavorType.SERVICE)) {
            case K8SLICE -> slice(form, onHost, faults);
            case VM -> machines(form, onHost, faults);
            case SENSOR -> sensor(form, onHost);
            case SERVICE -> {
                form.fault(
                        "type",
                        "type is '" + Form.shorten(word)
                                + "'; what can be offered by this way is k8slice, vm or sensor");
                yield _ -> {
                    throw new IllegalStateException("refused");
                };
            }
        };
    }

    private static Wish slice(Form form, boolean onHost, List<Refusal> faults) {
        var amounts = vector(form, "amounts", faults);
        if (amounts.isEmpty() && !onHost) {
            form.fault("amounts", "amounts is missing; say how much, or name by hostId the host that it is a part of");
        }
        if (amounts.filter(Vector::nothing).isPresent()) {
            form.fault("amounts", "amounts is nothing; say how much of cpu, memory and pods");
        }
        var architecture = form.text("architecture", LONGEST).orElse(ARCHITECTURE);
        var gpu = form.text("gpuModel", LONGEST);
        var policy = policy(form, faults);
        return part -> {
            var offered = amounts.or(() -> part.map(Sellable.Part::usual)).orElseThrow();
            fits("amounts", offered, part);
            if (!policy.minimum().fitsIn(offered)) {
                throw Problem.malformed(
                        "minimum", "minimum is " + policy.minimum() + ", which is more than all that is offered");
            }
            return new K8Slice(architecture, offered, gpu, Properties.NONE, policy);
        };
    }

    private static Policy policy(Form form, List<Refusal> faults) {
        var minimum = vector(form, "minimum", faults);
        var step = vector(form, "step", faults);
        return minimum.isEmpty() && step.isEmpty()
                ? Policy.USUAL
                : new Policy(minimum.orElse(Vector.NONE), step.orElse(Vector.NONE));
    }

    private static Wish machines(Form form, boolean onHost, List<Refusal> faults) {
        var instance = vector(form, "instance", faults).orElse(Vector.NONE);
        if (Stream.of(Dimension.CPU, Dimension.MEMORY)
                .anyMatch(dimension -> instance.get(dimension).signum() == 0)) {
            form.fault("instance", "instance must say what one machine has, cpu and memory at least");
        }
        GRAIN.amounts().forEach((dimension, grain) -> {
            var amount = instance.get(dimension);
            if (!amount.floor(grain).equals(amount)) {
                form.fault(
                        "instance",
                        "instance." + dimension.word() + " is " + amount + "; of machines it must be a multiple of "
                                + grain);
            }
        });
        var count = form.whole("count", 1, MOST);
        if (count.isEmpty() && !onHost) {
            form.fault(
                    "count",
                    "count is missing; say how many there are, or name by hostId the host that they are a part of");
        }
        long least = form.whole("least", 1, MOST).orElse(1L);
        var os = form.text("os", LONGEST);
        var architecture = form.text("architecture", LONGEST).orElse(ARCHITECTURE);
        var gpu = form.text("gpuModel", LONGEST);
        return part -> {
            var some = new Vm(architecture, os, instance, gpu, Properties.NONE, least, count.orElse((long) MOST));
            var offered = count.map(_ -> some)
                    .orElseGet(() -> some.with(some.within(part.orElseThrow().usual())));
            fits("count", offered.taking(offered.vector()), part);
            if (least > offered.count()) {
                throw Problem.malformed(
                        "least",
                        "least is " + least + ", which is more than the " + offered.count() + " that there are");
            }
            return offered;
        };
    }

    private static Wish sensor(Form form, boolean onHost) {
        if (onHost) {
            form.fault("hostId", "hostId: a sensor is no part of a host; leave it out");
        }
        var methods = form.texts("methods", MOST_METHODS, LONGEST);
        var qos = form.text("qos", LONGEST);
        if (methods.isEmpty() && qos.isEmpty()) {
            form.fault(
                    "methods", "methods is missing; say by which it is read over HTTP, or the qos of its MQTT topic");
        }
        var sensor = new Sensor(
                form.requiredText("sensorType", LONGEST),
                form.text("model", LONGEST).orElse(""),
                form.text("manufacturer", LONGEST).orElse(""),
                form.text("market", LONGEST).orElse(""),
                number(form, "samplingRate"),
                number(form, "accuracy"),
                number(form, "consumption"),
                form.text("connector", LONGEST).orElse(""),
                Optional.of(methods).filter(some -> !some.isEmpty()),
                qos,
                Properties.NONE);
        return _ -> sensor;
    }

    private static OptionalLong number(Form form, String field) {
        return form.whole(field, 0, Integer.MAX_VALUE).map(OptionalLong::of).orElse(OptionalLong.empty());
    }

    private static void fits(String field, Vector wanted, Optional<Sellable.Part> part) {
        part.filter(one -> !wanted.fitsIn(one.has())).ifPresent(one -> {
            throw Problem.malformed(
                    field,
                    field + " takes " + wanted + ", and host " + one.host().id() + " has " + one.has()
                            + ": offer less of it");
        });
    }

    private static Optional<Vector> vector(Form form, String field, List<Refusal> faults) {
        return object(form, field, faults).map(inner -> {
            var amounts = new EnumMap<Dimension, Quantity>(Dimension.class);
            for (var dimension : Dimension.values()) {
                if (dimension != Dimension.COUNT) {
                    inner.text(dimension.word(), LONGEST)
                            .ifPresent(text -> quantity(inner, dimension, text)
                                    .ifPresent(amount -> amounts.put(dimension, amount)));
                }
            }
            inner.end();
            return new Vector(amounts);
        });
    }

    private static Optional<Quantity> quantity(Form form, Dimension dimension, String text) {
        return switch (Quantity.of(text)) {
            case Answer.Yes<Quantity>(var amount) -> {
                if (amount.signum() >= 0 && amount.floor(dimension.unit()).equals(amount)) {
                    yield Optional.of(amount);
                }
                form.fault(
                        dimension.word(),
                        form.at(dimension.word()) + " is " + text + "; it must be a multiple of " + dimension.unit()
                                + ", and not negative");
                yield Optional.empty();
            }
            case Answer.No<Quantity>(var why) -> {
                form.fault(dimension.word(), form.at(dimension.word()) + ": " + why.message());
                yield Optional.empty();
            }
        };
    }

    /// An object within the form.
    static Optional<Form> object(Form form, String field, List<Refusal> faults) {
        return form.any(field)
                .filter(node -> {
                    if (!node.isObject()) {
                        form.fault(field, form.at(field) + " must be an object");
                    }
                    return node.isObject();
                })
                .map(node -> new Form(node, field, faults));
    }
}
