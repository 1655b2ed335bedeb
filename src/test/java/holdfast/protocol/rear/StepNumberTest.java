package holdfast.protocol.rear;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.protocol.rear.Workflow.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class StepNumberTest {
    private static final Path TABLE = Path.of("src/test/resources/golden/rear/steps.txt");

    /// The last number of each workflow, and those with a letter.
    private static final Map<Workflow, Integer> LAST =
            Map.of(Workflow.W1, 31, Workflow.W2, 32, Workflow.W3, 41, Workflow.W4, 39);

    private static final Map<Workflow, List<String>> LETTERED = Map.of(
            Workflow.W1, List.of("18a"), Workflow.W2, List.of(), Workflow.W3, List.of("26a"), Workflow.W4, List.of());

    private static String row(StepNumber step) {
        return Stream.of(Workflow.values())
                .map(workflow -> workflow + "(" + cell(step, workflow) + ")")
                .collect(Collectors.joining("  ", step + "  ", "\n"));
    }

    private static String cell(StepNumber step, Workflow workflow) {
        var all = step.numbers(workflow);
        return Stream.of(Role.values())
                        .allMatch(role -> step.numbers(workflow, role).equals(all))
                ? String.join(" ", all)
                : Stream.of(Role.values())
                        .filter(role -> !step.numbers(workflow, role).isEmpty())
                        .map(role -> role + " " + String.join(" ", step.numbers(workflow, role)))
                        .collect(Collectors.joining(", "));
    }

    @Test
    void each_number_of_each_workflow_is_that_of_a_step() {
        LAST.forEach((workflow, last) -> assertThat(
                        Arrays.stream(StepNumber.values()).flatMap(step -> step.numbers(workflow).stream()))
                .as(workflow.name())
                .containsAll(IntStream.rangeClosed(1, last)
                        .mapToObj(Integer::toString)
                        .toList())
                .containsAll(LETTERED.get(workflow))
                .allMatch(number -> LETTERED.get(workflow).contains(number)
                        || Integer.parseInt(number) >= 1 && Integer.parseInt(number) <= last));
    }

    @Test
    void the_table_is_as_it_was_written() throws IOException {
        var table = Arrays.stream(StepNumber.values()).map(StepNumberTest::row).collect(Collectors.joining());
        if (Boolean.getBoolean("holdfast.bless")) {
            Files.createDirectories(TABLE.getParent());
            Files.writeString(TABLE, table);
        }
        assertThat(table).as("bless it if it should be so").isEqualTo(Files.readString(TABLE));
    }

    @Test
    void a_step_is_told_with_the_number_of_whoever_takes_it() {
        assertThat(StepNumber.RESERVE_PASSED_ON.text(Workflow.W3, Role.SC)).isEqualTo("W3 #21 RESERVE_PASSED_ON");
        assertThat(StepNumber.RESERVE_PASSED_ON.text(Workflow.W3, Role.SP)).isEqualTo("W3 #22 RESERVE_PASSED_ON");
        assertThat(StepNumber.RESERVE_ANSWERED.text(Workflow.W2, Role.SC)).isEqualTo("W2 #20 #21 RESERVE_ANSWERED");
        assertThat(StepNumber.INTENT_RECEIVED.text(Workflow.W1, Role.C)).isEqualTo("W1 #1 INTENT_RECEIVED");
        assertThat(StepNumber.CATALOG_MATCHED.text(Workflow.W1, Role.K)).isEqualTo("W1 CATALOG_MATCHED");
    }

    @Test
    void while_nobody_knows_the_workflow_a_step_is_told_with_the_numbers_of_all() {
        assertThat(StepNumber.CANDIDATES_LOOKED_AT.text(Optional.empty(), Role.C))
                .isEqualTo("W1 #5 W2 #7 W3 #5 W4 #9 CANDIDATES_LOOKED_AT");
        assertThat(StepNumber.MEMBERS_ASKED.text(Optional.empty(), Role.SC)).isEqualTo("W2 #12 W3 #9 MEMBERS_ASKED");
        assertThat(StepNumber.LIST_ANSWERED.text(Optional.empty(), Role.C)).isEqualTo("LIST_ANSWERED");
        assertThat(StepNumber.LIST_SENT.text(Optional.of(Workflow.W3), Role.C)).isEqualTo("W3 #7 LIST_SENT");
    }

    @Test
    void what_is_no_trace_is_none_and_an_unknown_workflow_is_open() {
        assertThat(Trace.said(Optional.of("trace-1"), Optional.of("W3"))).hasValue(new Trace("trace-1", Workflow.W3));
        assertThat(Trace.said(Optional.of("trace-1"), Optional.of("W9"))).hasValue(Trace.open("trace-1"));
        assertThat(Trace.said(Optional.of("a\nb"), Optional.of("W3"))).isEmpty();
        assertThat(Trace.said(Optional.empty(), Optional.empty())).isEmpty();
    }
}
