package holdfast.engine.pictures;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.engine.types.ProcessType;
import holdfast.engine.types.ResourceType;
import holdfast.engine.types.TypeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The exact form of cattle.md 5.8. With `-Dholdfast.bless=true` the files of whole types are written anew.
final class DotTest {
    private static final Path FOLDER =
            Path.of(System.getProperty("holdfast.root", "."), "src/test/resources/golden/pictures");
    private static final Picture.Painter PLAIN = new Picture.Painter("http://h:1", _ -> Logic.NONE);

    private static ResourceType type(String name) {
        return TypeFile.standard().stream()
                .filter(type -> type.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static ProcessType process(String type, String verb) {
        return type(type).process(verb).orElseThrow();
    }

    @Test
    void a_process_without_logic() {
        assertThat(Dot.write(PLAIN.process(process("instance", "start")))).isEqualTo("""
                digraph "instance.start" {
                  "stopped" -> "starting" [style="dotted" label="instance.start" URL="http://h:1/v1/processdefinitions/1pd!instance.start"];
                  "starting" [color="orange"];
                  "creating" -> "starting" [style="dotted" label="instance.start" URL="http://h:1/v1/processdefinitions/1pd!instance.start"];
                  "restoring" -> "starting" [style="dotted" label="instance.start" URL="http://h:1/v1/processdefinitions/1pd!instance.start"];
                  "starting" -> "running" [color="orange" label="instance.start[no-op]  " URL="http://h:1/v1/processdefinitions/1pd!instance.start"];
                }
                """);
    }

    @Test
    void logic_is_named_and_empty_groups_are_left_out() {
        var all = new Logic(List.of("A", "B"), List.of("C"), List.of("D"));
        assertThat(done(all))
                .isEqualTo("  \"removing\" -> \"removed\" [color=\"orange\""
                        + " label=\"label.remove[pre=A,B,logic=C,post=D]  \" fontname=\"times-bold\" color=\"green\""
                        + " style=\"bold\" URL=\"http://h:1/v1/processdefinitions/1pd!label.remove\"];");
        assertThat(done(new Logic(List.of(), List.of(), List.of("D")))).contains("label=\"label.remove[post=D]  \"");
        assertThat(done(new Logic(List.of("A"), List.of(), List.of("D")))).contains("[pre=A,post=D]  \"");
    }

    @Test
    void quotes_backslashes_and_line_feeds_of_handlers_stay_inside_of_the_label() {
        assertThat(done(new Logic(List.of(), List.of("a\"b\\c\nd"), List.of())))
                .contains("label=\"label.remove[logic=a\\\"b\\\\c d]  \"");
    }

    private static String done(Logic logic) {
        var dot = Dot.write(new Picture.Painter("http://h:1", _ -> logic).process(process("label", "remove")));
        return dot.lines().filter(line -> line.contains("-> \"removed\"")).collect(joining());
    }

    @Test
    void states_of_another_field_carry_its_name() {
        assertThat(Dot.write(PLAIN.process(process("volume", "deallocate"))))
                .contains(
                        "  \"allocationState:activating\" -> \"allocationState:deactivating\" [",
                        "  \"allocationState:deactivating\" [color=\"orange\"];\n",
                        "  \"allocationState:deactivating\" -> \"allocationState:inactive\" [");
    }

    @Test
    void a_transitioning_state_is_marked_once_in_the_graph_of_a_type() {
        var dot = Dot.write(PLAIN.type(type("service")));
        assertThat(dot.lines().filter("  \"upgrading\" [color=\"orange\"];"::equals))
                .hasSize(1);
        var first = dot.indexOf("-> \"upgrading\"");
        assertThat(dot.substring(dot.indexOf('\n', first) + 1)).startsWith("  \"upgrading\" [color=\"orange\"];");
    }

    @Test
    void failures_and_changes_without_a_process_are_shown() {
        assertThat(Dot.write(PLAIN.type(type("lease"))))
                .contains(
                        "\"creating\" -> \"failed\" [style=\"dashed\" color=\"red\" label=\"lease.create[failed]  \"");
        assertThat(Dot.write(PLAIN.type(type("sliver"))))
                .startsWith("digraph \"sliver\" {\n  \"ticketing\" [color=\"orange\"];\n")
                .contains("  \"ticketing\" -> \"ticketed\" [color=\"gray\" label=\"ticket\"];\n");
    }

    @Test
    void a_timer_leads_nowhere() {
        assertThat(Dot.write(PLAIN.process(process("slice", "expire")))).isEqualTo("digraph \"slice.expire\" {\n}\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"instance", "volume", "ipAddress", "host", "agent", "stack", "service", "slice", "lease"})
    void the_graph_of_a_type(String name) throws IOException {
        var dot = Dot.write(PLAIN.type(type(name)));
        var file = FOLDER.resolve(name + ".dot");
        if (Boolean.getBoolean("holdfast.bless")) {
            Files.createDirectories(FOLDER);
            Files.writeString(file, dot);
        }
        assertThat(dot).as("graph of %s; bless it if it should be so", name).isEqualTo(Files.readString(file));
    }
}
