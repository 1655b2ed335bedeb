package holdfast.engine.types;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.core.Answer;
import holdfast.engine.pictures.Dot;
import holdfast.engine.pictures.Logic;
import holdfast.engine.pictures.Picture;
import holdfast.engine.types.ResourceType.Origin;
import holdfast.engine.types.ResourceType.Rights;
import holdfast.platform.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import tools.jackson.databind.node.ObjectNode;

/// Any type that keeps the rules is read as it was written, and its picture has all its ways.
final class TypesPropertyTest {
    /// A random life that grows from `requested`: each process starts where another has led.
    private static ResourceType random(Random random) {
        var reached = new ArrayList<>(List.of("requested"));
        var processes = new ArrayList<ProcessType>();
        int count = 1 + random.nextInt(12);
        for (int index = 0; index < count; index++) {
            var start = new LinkedHashMap<String, String>();
            var done = new LinkedHashMap<String, String>();
            int ways = 1 + random.nextInt(3);
            for (int way = 0; way < ways; way++) {
                var from = reached.get(random.nextInt(reached.size()));
                var during = "during-" + index + "-" + random.nextInt(2);
                if (start.putIfAbsent(from, during) == null) {
                    done.putIfAbsent(during, "done-" + random.nextInt(6));
                }
            }
            var failed = random.nextInt(4) == 0 ? Optional.of("broken") : Optional.<String>empty();
            var move = new Move(Move.STATE, start, done, failed);
            reached.addAll(move.states());
            var delegate = processes.stream()
                    .filter(other -> other.move().orElseThrow().start().keySet().stream()
                            .anyMatch(state -> move.passes(state) || move.endsIn(state)))
                    .map(ProcessType::name)
                    .findAny();
            processes.add(new ProcessType(
                    "thing.p" + index, "thing", Optional.of(move), delegate, List.of(), "process " + index));
        }
        var fields = new ArrayList<Field>();
        int most = random.nextInt(6);
        for (int index = 0; index < most; index++) {
            fields.add(field("f" + index, random));
        }
        return new ResourceType(
                "thing",
                "thingies",
                random.nextBoolean() ? List.of() : List.of("stuff"),
                Optional.empty(),
                "a thing",
                fields,
                processes,
                random.nextBoolean(),
                Optional.empty(),
                random.nextBoolean() ? Rights.ALL : Rights.ADMIN_ONLY,
                Origin.POSTED);
    }

    private static Field field(String name, Random random) {
        var type = FieldType.parse(List.of("string", "int", "enum", "array[reference[thing]]", "map[json]")
                .get(random.nextInt(5)));
        boolean text = type == FieldType.Plain.STRING;
        boolean create = random.nextBoolean();
        return new Field(
                name,
                type,
                "field " + name,
                text ? Optional.of(Json.tree("\"x\"")) : Optional.empty(),
                create,
                random.nextBoolean(),
                create && random.nextBoolean(),
                random.nextBoolean(),
                random.nextBoolean(),
                text && random.nextBoolean(),
                random.nextBoolean(),
                type == FieldType.Plain.ENUM ? List.of("a", "b") : List.of(),
                type == FieldType.Plain.INT ? Optional.of(-5L) : Optional.empty(),
                type == FieldType.Plain.INT ? Optional.of(5L) : Optional.empty(),
                text ? Optional.of(1) : Optional.empty(),
                text ? Optional.of(random.nextInt(1, 9)) : Optional.empty(),
                text ? Optional.of("a-z\\]") : Optional.empty(),
                text ? Optional.of(" &") : Optional.empty());
    }

    private static ObjectNode written(ResourceType type) {
        var node = Json.object().put("name", type.name()).put("plural", type.plural());
        node.put("description", type.description()).put("activates", type.activates());
        node.set("aliases", Json.toTree(type.aliases()));
        node.set("rights", Json.toTree(type.rights()));
        var fields = node.putObject("fields");
        for (var field : type.fields()) {
            var one = fields.putObject(field.name()).put("type", field.type().text());
            one.put("description", field.description());
            field.standard().ifPresent(value -> one.set("default", value));
            one.put("create", field.create()).put("update", field.update()).put("required", field.required());
            one.put("nullable", field.nullable()).put("unique", field.unique()).put("secret", field.secret());
            one.put("scheduleUpdate", field.scheduleUpdate());
            if (!field.options().isEmpty()) {
                one.set("options", Json.toTree(field.options()));
            }
            field.min().ifPresent(value -> one.put("min", value));
            field.max().ifPresent(value -> one.put("max", value));
            field.minLength().ifPresent(value -> one.put("minLength", value));
            field.maxLength().ifPresent(value -> one.put("maxLength", value));
            field.validChars().ifPresent(value -> one.put("validChars", value));
            field.invalidChars().ifPresent(value -> one.put("invalidChars", value));
        }
        var processes = node.putObject("processes");
        for (var process : type.processes()) {
            var one = processes.putObject(process.verb()).put("description", process.description());
            var move = process.move().orElseThrow();
            one.set("during", Json.toTree(move.start()));
            one.set("done", Json.toTree(move.done()));
            move.failed().ifPresent(state -> one.put("failed", state));
            process.delegate().ifPresent(name -> one.put("delegate", name));
        }
        return node;
    }

    @Property(tries = 300)
    void what_is_written_is_read_again(@ForAll long seed) {
        var type = random(new Random(seed));
        assertThat(TypeReader.posted(written(type))).isEqualTo(Answer.yes(type));
    }

    @Property(tries = 300)
    void a_picture_has_an_arrow_for_each_way_and_a_mark_for_each_transitioning_state(@ForAll long seed) {
        var type = random(new Random(seed));
        var dot = Dot.write(new Picture.Painter("http://h", _ -> Logic.NONE).type(type));
        int ways = 0;
        var during = new TreeSet<String>();
        for (var process : type.processes()) {
            var move = process.move().orElseThrow();
            ways += move.start().size() + move.done().size();
            ways += move.failed().isPresent() ? move.done().size() : 0;
            during.addAll(move.during());
            for (Map<String, String> part : List.of(move.start(), move.done())) {
                part.forEach((from, to) -> assertThat(dot).contains("  \"" + from + "\" -> \"" + to + "\" ["));
            }
        }
        assertThat(dot.lines().filter(line -> line.contains(" -> "))).hasSize(ways);
        assertThat(dot.lines().filter(line -> line.endsWith("\" [color=\"orange\"];")))
                .hasSize(during.size());
        assertThat(Set.copyOf(during)).isEqualTo(type.transitioning());
    }
}
