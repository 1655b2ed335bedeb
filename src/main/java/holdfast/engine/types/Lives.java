package holdfast.engine.types;

import static java.util.Objects.requireNonNull;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;

/// What must hold of the processes of one type together: each state that one names is led to, and delegates take over
/// where the other left.
final class Lives {
    private static final String INITIAL = "requested";

    private Lives() {}

    /// @param elsewhere states to which something else leads
    static void check(Part top, ResourceType type, Set<String> elsewhere) {
        type.processes().forEach(process -> delegate(top, process, type));
        words(top, type);
        reachable(top, type, elsewhere);
        secondFields(top, type);
    }

    /// Only parts of Holdfast have underscores in their states.
    private static void words(Part top, ResourceType type) {
        for (var process : type.processes()) {
            for (var state : process.move().map(Move::states).orElse(Set.of())) {
                if (type.origin() != ResourceType.Origin.PART && state.contains("_")) {
                    throw Part.refused(
                            path(top, process),
                            Part.quoted(state) + " is not right: a state is 1 to 64 letters, digits and hyphens");
                }
            }
        }
    }

    private static String path(Part top, ProcessType process) {
        return top.pathOf("processes") + "." + process.verb();
    }

    private static void delegate(Part top, ProcessType process, ResourceType type) {
        process.delegate().ifPresent(name -> {
            var path = path(top, process) + ".delegate";
            var delegate = type.processes().stream()
                    .filter(one -> one.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> Part.refused(
                            path,
                            Part.quoted(name) + " is no process of this type; there are "
                                    + type.processes().stream()
                                            .map(ProcessType::name)
                                            .collect(Collectors.joining(", "))));
            boolean takesOver = process.move()
                    .filter(from -> delegate.move()
                            .filter(to -> to.field().equals(from.field()))
                            .filter(to -> from.states().stream()
                                    .filter(state -> from.passes(state) || from.endsIn(state))
                                    .anyMatch(to::startsFrom))
                            .isPresent())
                    .isPresent();
            if (!takesOver) {
                throw Part.refused(
                        path,
                        name + " starts from no state that " + process.name()
                                + " passes through or ends in; add one to its start states");
            }
        });
    }

    private static void reachable(Part top, ResourceType type, Set<String> elsewhere) {
        var reached = new HashSet<>(elsewhere);
        type.course()
                .ifPresentOrElse(
                        course -> {
                            reached.addAll(course.initial());
                            course.changes().forEach(change -> reached.add(change.to()));
                        },
                        () -> reached.add(INITIAL));
        var moves = type.processes().stream()
                .filter(process -> process.move()
                        .filter(move -> move.field().equals(Move.STATE))
                        .isPresent())
                .toList();
        boolean more = true;
        while (more) {
            more = false;
            for (var process : moves) {
                more |= reached.addAll(led(process.move().orElseThrow(), reached));
            }
        }
        for (var process : moves) {
            for (var state : process.move().orElseThrow().states()) {
                if (!reached.contains(state)) {
                    throw Part.refused(
                            path(top, process),
                            process.name() + " names the state " + state + ", which nothing leads to; lead a process"
                                    + " to it, leave it out, or name it in elsewhere");
                }
            }
        }
    }

    /// What a move adds to the states that were reached.
    private static Set<String> led(Move move, Set<String> reached) {
        var led = new HashSet<String>();
        move.start().forEach((from, during) -> {
            if (reached.contains(from)) {
                led.add(during);
                led.add(requireNonNull(move.done().get(during)));
                move.failed().ifPresent(led::add);
            }
        });
        return led;
    }

    private static void secondFields(Part top, ResourceType type) {
        for (var process : type.processes()) {
            process.move()
                    .map(Move::field)
                    .filter(field -> !field.equals(Move.STATE))
                    .ifPresent(name -> {
                        var field = type.field(name);
                        if (field.isEmpty()) {
                            throw Part.refused(
                                    path(top, process) + ".field",
                                    "there is no field " + Part.quoted(name)
                                            + "; declare it as string that nobody may write");
                        }
                        if (field.get().type() != FieldType.Plain.STRING
                                || field.get().create()
                                || field.get().update()) {
                            throw Part.refused(
                                    top.pathOf("fields") + "." + name,
                                    "a field that processes drive is a string with create: false and update: false");
                        }
                    });
        }
    }
}
