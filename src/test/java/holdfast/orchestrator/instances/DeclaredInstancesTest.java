package holdfast.orchestrator.instances;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.engine.types.Course;
import holdfast.engine.types.TypeFile;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class DeclaredInstancesTest {
    private static final Map<String, List<InstanceCourse.News>> INSTANCE = Map.of(
            "done", List.of(new InstanceCourse.News.Done(true), new InstanceCourse.News.Done(false)),
            "seen",
                    Stream.of("PENDING", "RUNNING", "STOPPED", "STOPPING", "ERROR")
                            .<InstanceCourse.News>map(InstanceCourse.News.Seen::new)
                            .toList(),
            "gone", List.of(new InstanceCourse.News.Gone()),
            "nowhere", List.of(new InstanceCourse.News.Nowhere()),
            "given up", List.of(new InstanceCourse.News.GivenUp()),
            "taken back", List.of(new InstanceCourse.News.TakenBack()),
            "left", List.of(new InstanceCourse.News.Left()),
            "again", List.of(new InstanceCourse.News.Again()));

    private static final Map<String, List<DeploymentCourse.News>> DEPLOYMENT = Map.of(
            "placed", List.of(new DeploymentCourse.News.Placed()),
            "nowhere", List.of(new DeploymentCourse.News.Nowhere()),
            "stop", List.of(new DeploymentCourse.News.Stop()),
            "overdue", List.of(new DeploymentCourse.News.Overdue()),
            "parts", parts());

    /// How two instances may be.
    private static List<DeploymentCourse.News> parts() {
        return Stream.of(InstanceState.values())
                .flatMap(one -> Stream.of(InstanceState.values()).map(other -> List.of(one, other)))
                .flatMap(states -> Stream.<DeploymentCourse.News>of(
                        new DeploymentCourse.News.Parts(states, true), new DeploymentCourse.News.Parts(states, false)))
                .toList();
    }

    private static Course declared(String type) {
        return TypeFile.standard().stream()
                .filter(one -> one.name().equals(type))
                .findFirst()
                .flatMap(one -> one.course())
                .orElseThrow();
    }

    private static <N, S> Set<S> after(Map<String, List<N>> news, String on, Function<N, S> course) {
        return news.getOrDefault(on, List.of()).stream().map(course).collect(Collectors.toSet());
    }

    private static Set<String> states(Course course) {
        return course.changes().stream()
                .flatMap(change -> Stream.of(change.from(), change.to()))
                .collect(Collectors.toSet());
    }

    @Test
    void instances_take_the_ways_that_are_declared() {
        var course = declared(Instances.TYPE);
        assertThat(states(course))
                .containsExactlyInAnyOrderElementsOf(Stream.of(InstanceState.values())
                        .map(InstanceState::word)
                        .toList());
        assertThat(course.changes())
                .allSatisfy(change -> assertThat(after(
                                INSTANCE,
                                change.on(),
                                news -> InstanceCourse.after(
                                        InstanceState.named(change.from()).orElseThrow(), news)))
                        .as(change.toString())
                        .contains(InstanceState.named(change.to()).orElseThrow()));
    }

    @Test
    void deployments_take_the_ways_that_are_declared_and_no_others() {
        var course = declared(Deploying.TYPE);
        var takes = DEPLOYMENT.entrySet().stream()
                .flatMap(news -> Stream.of(DeploymentState.values())
                        .flatMap(from -> news.getValue().stream()
                                .flatMap(one -> Stream.of(true, false)
                                        .map(partial -> DeploymentCourse.after(from, partial, one)))
                                .filter(to -> to != from)
                                .map(to -> new Course.Change(from.word(), to.word(), news.getKey()))))
                .collect(Collectors.toSet());
        assertThat(Set.copyOf(course.changes())).isEqualTo(takes);
    }
}
