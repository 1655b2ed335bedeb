package holdfast.orchestrator.intents;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.orchestrator.intents.Intent.Form;
import holdfast.orchestrator.intents.Intent.Within;
import holdfast.protocol.rear.Constraint;
import holdfast.protocol.rear.Objective;
import holdfast.protocol.rear.Trace;
import holdfast.protocol.rear.Workflow;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The forms of intents, and what is wrong with texts that are none (fluidos.md 2.10).
final class IntentTextTest {
    private static final Instant NOW = Instant.parse("2030-01-07T08:00:00Z");
    private static final Trace TRACE = new Trace("t", Workflow.W1);

    private static String sample(String name) throws IOException {
        try (var in = IntentTextTest.class.getResourceAsStream("/intents/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Intent read(String text) {
        return IntentText.read(text, NOW).orThrow();
    }

    private static Refusal refused(String text) {
        return switch (IntentText.read(text, NOW)) {
            case Answer.Yes<Intent>(var intent) -> throw new AssertionError("taken: " + intent);
            case Answer.No<Intent>(var why) -> why;
        };
    }

    private static Piece piece(Intent intent) {
        return Decomposition.of(intent, Home.UNKNOWN, true, TRACE).orThrow().getFirst();
    }

    @Test
    void an_annotated_manifest_asks_for_what_its_annotations_say() throws IOException {
        var intent = read(sample("annotated-deployment.yaml"));
        assertThat(intent.services())
                .containsExactly(new Intent.Service("message-queue", "message-queue", Optional.empty()));
        assertThat(intent.form()).isEqualTo(Form.ANNOTATED);
        assertThat(intent.name()).isEqualTo("tile-renderer");
        var part = intent.parts().getFirst();
        assertThat(part.hard()).extracting(Constraint::toString).containsExactly("location = Italy");
        assertThat(part.soft()).extracting(Constraint::toString).containsExactly("latency <= 40");
        var piece = piece(intent);
        assertThat(piece.away()).isTrue();
        assertThat(piece.demand().capacities().amounts())
                .containsEntry("core", 3L)
                .containsEntry("ram", 6L);
    }

    @Test
    void a_wrapped_manifest_is_what_is_inside() throws IOException {
        var intent = read(sample("fluidos-deployment-wrapped.yaml"));
        assertThat(intent.form()).isEqualTo(Form.ANNOTATED);
        assertThat(intent.name()).isEqualTo("probe");
        assertThat(intent.parts().getFirst().hard())
                .extracting(Constraint::toString)
                .containsExactlyInAnyOrder("compliance = GDPR", "architecture = arm64");
    }

    @Test
    void a_plain_manifest_stays_here() throws IOException {
        var intent = read(sample("plain-pod.yaml"));
        assertThat(intent.form()).isEqualTo(Form.PLAIN);
        assertThat(intent.parts().getFirst().within()).isEqualTo(Within.HERE);
        assertThat(piece(intent).wish()).isEmpty();
    }

    @Test
    void requests_of_all_containers_and_replicas_are_added_up() {
        var intent = read("""
                kind: Deployment
                metadata: {name: app}
                spec:
                  replicas: 3
                  template:
                    spec:
                      containers:
                        - {resources: {requests: {cpu: 300m, memory: 700Mi}}}
                        - {resources: {requests: {cpu: 300m, memory: 1Gi}}}
                """);
        assertThat(piece(intent).demand().capacities().amounts())
                .containsEntry("core", 2L)
                .containsEntry("ram", 6L);
    }

    @Test
    void mspl_has_a_part_for_each_resource() throws IOException {
        var intent = read(sample("mspl-two-resources.xml"));
        assertThat(intent.form()).isEqualTo(Form.MSPL);
        assertThat(intent.parts()).extracting(Intent.Part::name).containsExactly("front_end", "data");
        assertThat(intent.parts().getFirst().hard())
                .extracting(Constraint::toString)
                .containsExactly("latency < 15");
        assertThat(intent.parts().getLast().hard())
                .extracting(Constraint::toString)
                .containsExactly("location = ITALY");
        var pieces = Decomposition.of(intent, Home.UNKNOWN, true, TRACE).orThrow();
        assertThat(pieces).extracting(Piece::away).containsExactly(false, true);
        assertThat(Decomposition.of(intent, Home.UNKNOWN, true, TRACE).orThrow())
                .isEqualTo(pieces);
    }

    @Test
    void the_short_form_says_all_there_is() {
        var intent = read("""
                name: render farm
                objective: fastest
                hours: 4
                notBefore: +1h
                deadline: 2030-01-07T12:00:00+01:00
                keepPartial: true
                within: outside
                parts:
                  - {name: front, cpu: 2500m, memory: 4Gi, disk: 20Gi, gpu: 1, image: rocky, hard: [latency <= 0.04s], soft: [price < 0.4]}
                  - {name: back, within: here}
                """);
        assertThat(intent.objective()).isEqualTo(Objective.NEAREST);
        assertThat(intent.length()).contains(Duration.ofHours(4));
        assertThat(intent.notBefore()).contains(NOW.plus(Duration.ofHours(1)));
        assertThat(intent.deadline()).contains(NOW.plus(Duration.ofHours(3)));
        var pieces = Decomposition.of(intent, Home.UNKNOWN, true, TRACE).orThrow();
        assertThat(pieces).extracting(Piece::away).containsExactly(true, false);
        var front = pieces.getFirst();
        assertThat(front.demand().components()).hasSize(1);
        assertThat(front.demand().image()).contains("rocky");
        assertThat(front.demand().capacities().amounts())
                .containsEntry("core", 3L)
                .containsEntry("ram", 4L)
                .containsEntry("disk", 20L);
        assertThat(front.wish().orElseThrow().hard())
                .extracting(Constraint::toString)
                .containsExactly("latency <= 40.00");
    }

    @Test
    void where_nobody_deals_with_others_what_must_be_outside_is_refused() throws IOException {
        var intent = read(sample("mspl-two-resources.xml"));
        var answer = Decomposition.of(intent, Home.UNKNOWN, false, TRACE);
        assertThat(answer).isInstanceOf(Answer.No.class);
        assertThat(((Answer.No<List<Piece>>) answer).why().message())
                .contains("part data asks for 'location = ITALY'")
                .contains("no section federation");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                                   | is empty",
                "name: [                                              | line 1",
                "[1, 2]                                               | must be an object",
                "'a: 1\n---\nb: 2'                                    | no single document",
                "'name: x\nname: y'                                   | line 2",
                "parts: []                                            | name is missing",
                "'{name: abc, parts: []}'                             | has 1 to 32 parts",
                "'{name: a, parts: [{name: b}]}'                      | name is 'a'",
                "'{name: abc, colour: red, parts: [{name: b}]}'       | colour is not a field",
                "'{name: abc, parts: [{name: b}, {name: b}]}'         | two that are called b",
                "'{name: abc, parts: [{name: b, cpu: lots}]}'         | parts[0].cpu",
                "'{name: abc, parts: [{name: b, cpu: -1}]}'           | must not be less than zero",
                "'{name: abc, parts: [{name: b, kind: service}]}'     | parts[0].category is missing",
                "'{name: abc, parts: [{name: b, kind: service, category: c, cpu: 1}]}' | cpu is not a field",
                "'{name: abc, parts: [{name: b}, {name: b, kind: service, category: c}]}' | two that are called b",
                "'{name: abc, parts: [{name: b, kind: data}]}'        | it must be compute or service",
                "'{name: abc, parts: [{name: b, hard: [soon]}]}'      | parts[0].hard[0] is wrong",
                "'{name: abc, parts: [{name: b, hard: [speed < 3]}]}' | speed' is not known",
                "'{name: abc, parts: [{name: b, hard: [location < 3]}]}' | compare it with =",
                "'{name: abc, parts: [{name: b, hard: [latency < 3h]}]}' | h' is no unit of latency",
                "'{name: abc, objective: best, parts: [{name: b}]}'   | must be one of cheapest",
                "'{name: abc, within: mars, parts: [{name: b}]}'      | here, anywhere or outside",
                "'{name: abc, hours: 0, parts: [{name: b}]}'          | a whole number from 1",
                "'{name: abc, deadline: soon, parts: [{name: b}]}'    | must be a time with a zone",
                "'{name: abc, deadline: 2020-01-01T00:00:00Z, parts: [{name: b}]}' | which is past",
                "'{name: abc, notBefore: +9h, deadline: +3h, parts: [{name: b}]}' | not before the deadline",
                "'{kind: Job, metadata: {name: abc}}'                 | must be Pod or Deployment",
                "'{kind: Pod, metadata: {name: abc}}'                 | has at least one container",
                "'{kind: Pod, spec: {containers: [{name: x}]}}'       | metadata.name is missing",
                "<a/>                                                 | which begins with ITResourceOrchestration",
                "<a>                                                  | no XML",
                "'<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>'         | DTD",
                "'<ITResourceOrchestration id=\"abc\"><ITResource/></ITResourceOrchestration>' | no securedService",
            })
    void what_is_wrong_is_told(String text, String rule) {
        var why = refused(text);
        assertThat(why.kind()).isEqualTo(Refusal.Kind.MALFORMED);
        assertThat(why.field()).isPresent();
        assertThat(why.message()).contains(rule);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "colour: red           | is no key of an intent that is known",
                "cpu: much             | fluidos-intent-cpu",
                "service: ''            | fluidos-intent-service is missing",
                "latency: soon         | is no number",
                "deadline: 0           | a whole number from 1",
                "gpu: '{\"cores\": 90}'| at most 8",
                "mspl: <x/>            | holds MSPL",
            })
    void wrong_annotations_are_told_with_their_line(String annotation, String rule) {
        var why = refused("""
                kind: Pod
                metadata:
                  name: abc
                  annotations:
                    other: thing
                    fluidos-intent-%s
                spec: {containers: [{name: x}]}
                """.formatted(annotation));
        assertThat(why.message()).startsWith("line 6: ").contains(rule);
    }

    @ParameterizedTest
    @CsvSource({"db, pod-db", "q, pod-q", "my-app, my-app", "a.b, a.b"})
    void a_manifest_may_be_called_whatever_kubernetes_lets_it_be_called(String name, String ours) {
        assertThat(read(pod(name)).name()).isEqualTo(ours);
        assertThat(read(pod(name)).parts().getFirst().name()).isEqualTo(ours);
    }

    @Test
    void a_long_name_of_a_manifest_is_cut_and_stays_another_than_that_of_another() {
        var one = read(pod("a".repeat(253))).name();
        assertThat(one).hasSize(60).startsWith("aaa");
        assertThat(read(pod("a".repeat(252))).name()).isNotEqualTo(one);
        for (var wrong : List.of("-db", "d_", "D", "a".repeat(254))) {
            assertThat(refused(pod(wrong)).field()).as(wrong).contains("metadata.name");
        }
    }

    private static String pod(String name) {
        return "{kind: Pod, metadata: {name: '" + name + "'}, spec: {containers: [{name: x}]}}";
    }

    @Test
    void of_several_documents_it_says_that_one_is_taken() {
        assertThat(refused(pod("one") + "\n---\n" + pod("two")).message())
                .contains("line 3: a second document begins here, and one is taken")
                .doesNotContain("token");
    }

    @Test
    void a_text_that_is_too_long_is_refused() {
        assertThat(refused("#".repeat(IntentText.LARGEST + 1)).message()).contains("256 KiB");
    }
}
