package holdfast.api.cimi;

import holdfast.api.cimi.Filter.Operator;
import holdfast.api.cimi.Filter.Value;
import holdfast.orchestrator.instances.Action;
import holdfast.orchestrator.instances.InstanceFilter;
import holdfast.orchestrator.instances.InstanceState;
import holdfast.orchestrator.instances.Measure;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What a filter of machines says, as far as the database can tell them apart: by id, name, state, the time of
/// creation, processors, memory and the user's own properties.
///
/// @param which selects all that the filter selects
/// @param exact whether it selects no others
record MachineFilter(InstanceFilter which, boolean exact) {
    /// As attributes of machines are called.
    static final Map<String, Measure> MEASURES = Map.of("cpu", Measure.CPU, "memory", Measure.MEMORY);

    private static final MachineFilter UNKNOWN = new MachineFilter(InstanceFilter.every(), false);
    private static final InstanceFilter DELETED = new InstanceFilter.Doing(Action.DESTROY);
    private static final InstanceFilter STARTED = new InstanceFilter.Any(
            List.of(new InstanceFilter.Doing(Action.START), new InstanceFilter.Doing(Action.REBOOT)));

    /// @param all of them must match
    static MachineFilter of(Face face, List<Filter> all) {
        return of(face, new Filter.And(all));
    }

    private static MachineFilter of(Face face, Filter filter) {
        return switch (filter) {
            case Filter.And(var all) -> {
                var parts = all.stream().map(one -> of(face, one)).toList();
                yield new MachineFilter(new InstanceFilter.All(whiches(parts)), exact(parts));
            }
            case Filter.Or(var any) -> {
                var parts = any.stream().map(one -> of(face, one)).toList();
                yield new MachineFilter(new InstanceFilter.Any(whiches(parts)), exact(parts));
            }
            case Filter.Comparison(var property, var name, var operator, Value.Text(var value)) ->
                compared(face, property, name, value)
                        .map(one -> operator == Operator.EQUAL ? one : new InstanceFilter.Not(one))
                        .map(one -> new MachineFilter(one, true))
                        .orElse(UNKNOWN);
            case Filter.Comparison(var property, var name, var operator, Value.Time(var time))
            when !property && name.equals("created") -> new MachineFilter(created(operator, time), true);
            case Filter.Comparison(var property, var name, var operator, Value.Number(var number))
            when !property && MEASURES.get(name) instanceof Measure measure ->
                new MachineFilter(sized(measure, operator, number), true);
            case Filter.Comparison _ -> UNKNOWN;
        };
    }

    private static InstanceFilter sized(Measure measure, Operator operator, long number) {
        return switch (operator) {
            case LESS -> sized(measure, Optional.empty(), Optional.of(number - 1));
            case AT_MOST -> sized(measure, Optional.empty(), Optional.of(number));
            case MORE -> sized(measure, Optional.of(number + 1), Optional.empty());
            case AT_LEAST -> sized(measure, Optional.of(number), Optional.empty());
            case EQUAL -> sized(measure, Optional.of(number), Optional.of(number));
            case UNEQUAL -> new InstanceFilter.Not(sized(measure, Optional.of(number), Optional.of(number)));
        };
    }

    private static InstanceFilter sized(Measure measure, Optional<Long> least, Optional<Long> most) {
        return new InstanceFilter.Sized(measure, least, most);
    }

    private static InstanceFilter created(Operator operator, Instant time) {
        var before = new InstanceFilter.Before(time);
        var after = new InstanceFilter.After(time);
        return switch (operator) {
            case LESS -> before;
            case MORE -> after;
            case AT_MOST -> new InstanceFilter.Not(after);
            case AT_LEAST -> new InstanceFilter.Not(before);
            case EQUAL -> new InstanceFilter.Not(new InstanceFilter.Any(List.of(before, after)));
            case UNEQUAL -> new InstanceFilter.Any(List.of(before, after));
        };
    }

    private static List<InstanceFilter> whiches(List<MachineFilter> parts) {
        return parts.stream().map(MachineFilter::which).toList();
    }

    private static boolean exact(List<MachineFilter> parts) {
        return parts.stream().allMatch(MachineFilter::exact);
    }

    /// What has a text; every machine has all of these attributes.
    private static Optional<InstanceFilter> compared(Face face, boolean property, String name, String value) {
        if (property) {
            return Optional.of(new InstanceFilter.Tagged(name, value));
        }
        return switch (name) {
            case "id" ->
                Optional.of(Fields.uuid(value.substring(value.lastIndexOf('/') + 1))
                        .filter(id -> face.at(Machines.PATH, id.toString()).equals(value))
                        .<InstanceFilter>map(id -> new InstanceFilter.Among(Set.of(id)))
                        .orElse(InstanceFilter.none()));
            case "name" -> Optional.of(new InstanceFilter.Named(value));
            case "state" -> Optional.of(inState(value));
            default -> Optional.empty();
        };
    }

    /// The contrary of [Machines#state].
    static InstanceFilter inState(String word) {
        return switch (word) {
            case "DELETING" -> DELETED;
            case "CREATING" ->
                staying(new InstanceFilter.Any(List.of(
                        in(InstanceState.NEW), in(InstanceState.PENDING).and(new InstanceFilter.Not(STARTED)))));
            case "STARTING" -> staying(in(InstanceState.PENDING).and(STARTED));
            case "STARTED" -> staying(in(InstanceState.RUNNING));
            case "STOPPING" -> staying(in(InstanceState.SHUTTING_DOWN));
            case "STOPPED" -> staying(in(InstanceState.STOPPED));
            case "ERROR" -> staying(in(InstanceState.CREATE_FAILED, InstanceState.ERROR, InstanceState.VANISHED));
            default -> InstanceFilter.none();
        };
    }

    private static InstanceFilter in(InstanceState... states) {
        return new InstanceFilter.InState(Set.of(states));
    }

    private static InstanceFilter staying(InstanceFilter one) {
        return one.and(new InstanceFilter.Not(DELETED));
    }
}
