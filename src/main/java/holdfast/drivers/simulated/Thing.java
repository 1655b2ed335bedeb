package holdfast.drivers.simulated;

import holdfast.authority.Driver.Key;
import holdfast.authority.Driver.Spec;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// One machine or device of a simulated host. Exactly one of `machine` and `device` is there.
///
/// @param until when making or removing comes to its end
/// @param doomed why it will fail then
/// @param vanishes when it disappears by itself
record Thing(
        Key key,
        Optional<Spec.Machine> machine,
        Optional<Spec.Device> device,
        Phase phase,
        Instant until,
        Optional<String> doomed,
        Optional<Instant> vanishes,
        Map<String, String> facts) {
    /// Where it is in its life.
    enum Phase {
        MAKING,
        UP,
        BROKEN,
        REMOVING
    }

    static Thing begun(Key key, Spec.OnHost spec, Instant until, Optional<String> doomed) {
        return switch (spec) {
            case Spec.Machine machine ->
                new Thing(
                        key,
                        Optional.of(machine),
                        Optional.empty(),
                        Phase.MAKING,
                        until,
                        doomed,
                        Optional.empty(),
                        Map.of());
            case Spec.Device device ->
                new Thing(
                        key,
                        Optional.empty(),
                        Optional.of(device),
                        Phase.MAKING,
                        until,
                        doomed,
                        Optional.empty(),
                        Map.of());
        };
    }

    Spec.OnHost spec() {
        return machine.<Spec.OnHost>map(one -> one).orElseGet(device::orElseThrow);
    }

    Thing up(Optional<Instant> end, Map<String, String> told) {
        return new Thing(key, machine, device, Phase.UP, until, Optional.empty(), end, told);
    }

    Thing broken() {
        return new Thing(key, machine, device, Phase.BROKEN, until, Optional.empty(), Optional.empty(), facts);
    }

    Thing removing(Instant end, Optional<String> failure) {
        return new Thing(key, machine, device, Phase.REMOVING, end, failure, vanishes, facts);
    }
}
