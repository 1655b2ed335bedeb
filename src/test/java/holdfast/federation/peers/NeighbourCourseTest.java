package holdfast.federation.peers;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.federation.peers.NeighbourCourse.Heard;
import holdfast.federation.peers.NeighbourCourse.Standing;
import holdfast.federation.peers.NeighbourCourse.Verdict;
import holdfast.federation.peers.PeerCourse.News;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What announcements mean (fluidos.md 3.9, 5.7).
final class NeighbourCourseTest {
    private static final UUID ID = new UUID(0, 1);

    private static Optional<String> text(String word) {
        return Optional.of(word).filter(one -> !one.equals("-"));
    }

    /// A peer `n1` of `alps.example` at `a:1` that came with announcement 5; heard is announcement `seq` of `node`
    /// at `address`.
    @ParameterizedTest(name = "named {0}, key {1}; heard {2} at {3} key {4} seq {5}, all {6}: {7}")
    @CsvSource({
        // found, and proves nothing
        "false, -, n1, a:1, -, 0, false, SAME",
        "false, -, n1, b:2, -, 0, false, UNPROVED",
        "false, -, n1, b:2, -, 0, true,  MOVED",
        "false, -, n1, b:2, K, 9, false, PROVED",
        "false, -, n1, a:1, K, 9, false, PROVED",
        "false, -, n2, a:1, -, 0, true,  TAKEN",
        "false, -, n2, a:1, K, 9, false, PROVED",
        "false, -, n2, b:2, -, 0, false, NEW",
        // found by its key
        "false, K, n1, a:1, K, 6, false, SAME",
        "false, K, n1, b:2, K, 6, false, MOVED",
        "false, K, n9, b:2, K, 6, false, MOVED",
        "false, K, n1, b:2, K, 5, false, OLD",
        "false, K, n1, b:2, -, 0, true,  ANOTHER",
        "false, K, n1, b:2, L, 9, true,  ANOTHER",
        "false, K, n2, a:1, L, 9, true,  ANOTHER",
        "false, K, n2, a:1, -, 0, true,  ANOTHER",
        // named by an administrator, without a key
        "true,  -, n1, a:1, -, 0, true,  ANOTHER",
        "true,  -, n1, b:2, -, 0, true,  ANOTHER",
        "true,  -, n1, b:2, K, 9, true,  ANOTHER",
        "true,  -, n2, a:1, K, 9, true,  ANOTHER",
        "true,  -, n2, b:2, K, 9, false, NEW",
        // named by an administrator, with its key
        "true,  K, n1, a:1, K, 6, false, SAME",
        "true,  K, n1, b:2, K, 6, false, MOVED",
        "true,  K, n1, b:2, L, 9, true,  ANOTHER",
        "true,  K, n1, b:2, -, 0, true,  ANOTHER",
    })
    void who_may_take_whose_place(
            boolean named,
            String key,
            String node,
            String address,
            String proved,
            long seq,
            boolean all,
            Verdict want) {
        var peer = new Standing(ID, named, Optional.of("n1"), Optional.of("alps.example"), "a:1", text(key), 5);
        var heard = new Heard(node, "alps.example", address, text(proved), seq);
        var turn = NeighbourCourse.after(heard, List.of(peer), all);
        assertThat(turn.verdict()).isEqualTo(want);
        assertThat(turn.peer()).isEqualTo(want == Verdict.NEW ? Optional.empty() : Optional.of(ID));
    }

    @Test
    void nobody_moves_to_where_another_peer_is() {
        var one = new Standing(ID, false, Optional.of("n1"), Optional.of("x"), "a:1", Optional.of("K"), 5);
        var two = new Standing(new UUID(0, 2), true, Optional.of("n2"), Optional.of("x"), "b:2", Optional.empty(), 0);
        var moved = new Heard("n1", "x", "b:2", Optional.of("K"), 6);
        assertThat(NeighbourCourse.after(moved, List.of(one, two), true).verdict())
                .isEqualTo(Verdict.TAKEN);
    }

    @Test
    void the_same_name_in_another_domain_is_another_node() {
        var one = new Standing(ID, false, Optional.of("n1"), Optional.of("x"), "a:1", Optional.of("K"), 5);
        var other = new Heard("n1", "y", "b:2", Optional.of("L"), 6);
        assertThat(NeighbourCourse.after(other, List.of(one), false).verdict()).isEqualTo(Verdict.NEW);
    }

    @Test
    void strangers_are_bounded() {
        var many = IntStream.range(0, NeighbourCourse.MOST)
                .mapToObj(n -> new Standing(
                        new UUID(1, n),
                        false,
                        Optional.of("m" + n),
                        Optional.of("x"),
                        "m" + n + ":1",
                        Optional.empty(),
                        0))
                .toList();
        var one = new Heard("n1", "x", "a:1", Optional.of("K"), 1);
        assertThat(NeighbourCourse.after(one, many, false).verdict()).isEqualTo(Verdict.FULL);
        assertThat(NeighbourCourse.after(one, many.subList(1, many.size()), false)
                        .verdict())
                .isEqualTo(Verdict.NEW);
    }

    @ParameterizedTest(name = "{0} s of silence: {1}")
    @CsvSource({"0, ", "9, ", "10, MISSED_AGAIN", "14, MISSED_AGAIN", "15, SILENT", "149, SILENT", "150, REMOVED"})
    void silence_makes_suspect_then_down_then_forgotten(int seconds, News want) {
        assertThat(NeighbourCourse.silent(Duration.ofSeconds(seconds), Duration.ofSeconds(5), Duration.ofSeconds(15)))
                .isEqualTo(Optional.ofNullable(want));
    }
}
