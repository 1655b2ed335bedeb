package holdfast.engine.pictures;

import holdfast.engine.types.Course;
import holdfast.engine.types.Move;
import holdfast.engine.types.ProcessType;
import holdfast.engine.types.ResourceType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// A graph of states, before it is written as [Dot] or [Svg].
///
/// @param name of the process or type
/// @param marked the states that stand before the first arrow and in which something is under way
/// @param arrows in the order of the definitions
public record Picture(String name, List<String> marked, List<Arrow> arrows) {
    public Picture {
        marked = List.copyOf(marked);
        arrows = List.copyOf(arrows);
    }

    /// What an arrow says.
    public enum Kind {
        /// Into a transitioning state.
        START,
        /// Out of it, where nothing acts.
        DONE,
        /// Out of it, where something acts.
        LOGIC,
        /// Out of it after a failure.
        FAILED,
        /// Without a process.
        CHANGE
    }

    /// @param from states of other fields than `state` are written `field:state`
    /// @param process the name of the process, or what makes the change happen
    /// @param note what stands behind the name of the process; may be empty
    /// @param url where more about the process is; empty for a change
    /// @param marks whether `to` is a transitioning state that no arrow before led to
    public record Arrow(
            Kind kind, String from, String to, String process, String note, Optional<String> url, boolean marks) {
        String label() {
            return process + note;
        }
    }

    /// All states, in order of appearance.
    public Set<String> states() {
        var states = new LinkedHashSet<>(marked);
        for (var arrow : arrows) {
            states.add(arrow.from());
            states.add(arrow.to());
        }
        return states;
    }

    /// The states in which something is under way.
    public Set<String> transitioning() {
        var states = new LinkedHashSet<>(marked);
        arrows.stream().filter(Arrow::marks).map(Arrow::to).forEach(states::add);
        return states;
    }

    /// Draws processes and types.
    ///
    /// @param base of addresses: `http://host:port`
    /// @param logic what acts, by name of process
    public record Painter(String base, Function<String, Logic> logic) {
        public Picture process(ProcessType process) {
            var canvas = new Canvas(this);
            process.move().ifPresent(move -> canvas.draw(process.name(), move));
            return new Picture(process.name(), List.of(), canvas.arrows);
        }

        /// All processes of a type in one graph, and the changes that happen without one.
        ///
        /// @param type one that has a life of its own: no subtype
        public Picture type(ResourceType type) {
            var canvas = new Canvas(this);
            var marked = type.course().stream()
                    .flatMap(course -> course.initial().stream().filter(course.moving()::contains))
                    .toList();
            canvas.seen.addAll(marked);
            for (var process : type.processes()) {
                process.move().ifPresent(move -> canvas.draw(process.name(), move));
            }
            type.course().ifPresent(canvas::draw);
            return new Picture(type.name(), marked, canvas.arrows);
        }
    }

    private static final class Canvas {
        private final Painter painter;
        private final List<Arrow> arrows = new ArrayList<>();
        private final Set<String> seen = new HashSet<>();

        private Canvas(Painter painter) {
            this.painter = painter;
        }

        private void draw(String process, Move move) {
            var url = Optional.of(painter.base + "/v1/processdefinitions/1pd!" + process);
            var logic = painter.logic.apply(process);
            var acts = logic.isEmpty() ? Kind.DONE : Kind.LOGIC;
            var note = "[" + logic.text() + "]";
            move.start().forEach((from, during) -> {
                var to = named(move, during);
                arrows.add(new Arrow(Kind.START, named(move, from), to, process, "", url, seen.add(to)));
            });
            move.done()
                    .forEach((during, done) -> arrows.add(
                            new Arrow(acts, named(move, during), named(move, done), process, note, url, false)));
            move.failed()
                    .ifPresent(failed -> move.during()
                            .forEach(during -> arrows.add(new Arrow(
                                    Kind.FAILED,
                                    named(move, during),
                                    named(move, failed),
                                    process,
                                    "[failed]",
                                    url,
                                    false))));
        }

        private void draw(Course course) {
            for (var change : course.changes()) {
                boolean marks = course.moving().contains(change.to()) && seen.add(change.to());
                arrows.add(
                        new Arrow(Kind.CHANGE, change.from(), change.to(), change.on(), "", Optional.empty(), marks));
            }
        }

        private static String named(Move move, String state) {
            return move.field().equals(Move.STATE) ? state : move.field() + ":" + state;
        }
    }
}
