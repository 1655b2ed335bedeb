package holdfast.api.deltacloud;

import holdfast.engine.pictures.Dot;
import holdfast.engine.pictures.Picture;
import holdfast.engine.pictures.Svg;
import holdfast.orchestrator.instances.InstanceState;
import holdfast.platform.HttpReply;
import holdfast.platform.Json;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The states of instances, and what leads from one to another: what is true of all accounts (aeolus.md 3.1, 3.5).
final class States {
    static final String NAME = "instance_states";

    private static final String AUTO = "auto";

    private static final List<Move> MOVES = List.of(
            new Move("start", "create", "pending"),
            new Move("pending", AUTO, "running"),
            new Move("pending", AUTO, "error"),
            new Move("running", "reboot", "running"),
            new Move("running", "stop", "stopping"),
            new Move("stopping", AUTO, "stopped"),
            new Move("stopped", "start", "pending"),
            new Move("stopped", "destroy", "finish"),
            new Move("error", "destroy", "finish"));

    private static final List<String> ALL =
            List.of("start", "pending", "running", "stopping", "stopped", "error", "finish");

    /// @param action `auto` if it happens by itself
    private record Move(String from, String action, String to) {
        Element xml() {
            return action.equals(AUTO)
                    ? Element.of("transition").with(AUTO, "true").with("to", to)
                    : Element.of("transition").with("action", action).with("to", to);
        }

        Picture.Arrow arrow() {
            return new Picture.Arrow(
                    action.equals(AUTO) ? Picture.Kind.CHANGE : Picture.Kind.DONE,
                    from,
                    to,
                    action,
                    "",
                    Optional.empty(),
                    false);
        }
    }

    private States() {}

    static Collection collection() {
        return Collection.open(NAME, Operation.of("index", "GET", "", States::list));
    }

    /// As clients see it.
    static String word(InstanceState state) {
        return switch (state) {
            case NEW, PENDING -> "PENDING";
            case RUNNING -> "RUNNING";
            case SHUTTING_DOWN -> "STOPPING";
            case STOPPED -> "STOPPED";
            case CREATE_FAILED, ERROR, VANISHED -> "ERROR";
        };
    }

    /// The states that have this word.
    static Set<InstanceState> named(String word) {
        return Arrays.stream(InstanceState.values())
                .filter(state -> word(state).equals(word))
                .collect(Collectors.toSet());
    }

    private static Told list(Ask ask) {
        return switch (ask.form()) {
            case GV -> new Told.Raw(HttpReply.of(200, Form.GV.type(), Dot.write(picture())));
            case SVG -> new Told.Raw(HttpReply.of(200, Form.SVG.type(), Svg.write(picture())));
            case XML, JSON, HTML -> Told.ok(document());
        };
    }

    private static Picture picture() {
        return new Picture(NAME, List.of(), MOVES.stream().map(Move::arrow).toList());
    }

    private static Document document() {
        Map<String, List<Move>> moves =
                MOVES.stream().collect(Collectors.groupingBy(Move::from, LinkedHashMap::new, Collectors.toList()));
        var json = Json.array();
        for (var state : ALL) {
            var told = json.addObject().put("name", state).putArray("transitions");
            moves.getOrDefault(state, List.of()).forEach(move -> {
                var one = told.addObject().put("to", move.to);
                one.put(move.action.equals(AUTO) ? AUTO : "action", move.action.equals(AUTO) ? "true" : move.action);
            });
        }
        var xml = ALL.stream()
                .map(state -> Element.of(
                                "state",
                                moves.getOrDefault(state, List.of()).stream()
                                        .map(Move::xml)
                                        .toList())
                        .with("name", state))
                .toList();
        return new Document("instance states", Element.of("states", xml), json);
    }
}
