package holdfast.protocol.rear;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.core.Interval;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class CoursesTest {
    private static <S, N> String table(S[] states, N[] news, BiFunction<S, N, Optional<S>> after) {
        return Arrays.stream(states)
                .flatMap(state -> Arrays.stream(news)
                        .flatMap(
                                heard -> after
                                        .apply(state, heard)
                                        .map(next -> state + " + " + heard + " -> " + next + "\n")
                                        .stream()))
                .collect(Collectors.joining());
    }

    private static <S, N> void assertSound(
            S[] states, N[] news, BiFunction<S, N, Optional<S>> after, Predicate<S> isOver) {
        for (var state : states)
            for (var heard : news) {
                var next = after.apply(state, heard).orElse(state);
                assertThat(after.apply(next, heard).orElse(next))
                        .as("%s + %s told twice", state, heard)
                        .isEqualTo(next);
                if (isOver.test(state)) assertThat(next).isEqualTo(state);
            }
    }

    @Test
    void the_whole_table_of_a_transaction() {
        assertThat(table(TransactionCourse.values(), TransactionCourse.News.values(), TransactionCourse::after))
                .isEqualTo("""
                        ASKED + RESERVED -> HELD
                        ASKED + REFUSED -> REFUSED
                        ASKED + LAPSED -> EXPIRED
                        ASKED + GIVEN_UP -> CANCELLED
                        HELD + RESERVED -> HELD
                        HELD + BOUGHT -> PURCHASED
                        HELD + LAPSED -> EXPIRED
                        HELD + GIVEN_UP -> CANCELLED
                        PURCHASED + BOUGHT -> PURCHASED
                        """);
        assertSound(
                TransactionCourse.values(),
                TransactionCourse.News.values(),
                TransactionCourse::after,
                TransactionCourse::isOver);
    }

    @Test
    void the_whole_table_of_a_contract() {
        assertThat(table(ContractCourse.values(), ContractCourse.News.values(), ContractCourse::after))
                .isEqualTo("""
                        PENDING_SIGNATURE + SIGNED -> ACTIVE
                        PENDING_SIGNATURE + OVER -> EXPIRED
                        PENDING_SIGNATURE + ENDED -> TERMINATED
                        ACTIVE + SIGNED -> ACTIVE
                        ACTIVE + NEARLY_OVER -> EXPIRING
                        ACTIVE + RENEWED -> ACTIVE
                        ACTIVE + OVER -> EXPIRED
                        ACTIVE + ENDED -> TERMINATED
                        EXPIRING + SIGNED -> EXPIRING
                        EXPIRING + NEARLY_OVER -> EXPIRING
                        EXPIRING + RENEWED -> ACTIVE
                        EXPIRING + OVER -> EXPIRED
                        EXPIRING + ENDED -> TERMINATED
                        """);
        assertSound(
                ContractCourse.values(), ContractCourse.News.values(), ContractCourse::after, ContractCourse::isOver);
    }

    @Test
    void what_is_in_force_is_live() {
        assertThat(ContractCourse.values())
                .filteredOn(ContractCourse::isLive)
                .containsExactly(ContractCourse.ACTIVE, ContractCourse.EXPIRING);
    }

    @Test
    void the_end_is_told_a_tenth_before_and_at_most_a_day() {
        var day = Interval.of(Samples.BEGINNING, Duration.ofHours(24));
        assertThat(ContractCourse.expiring(day)).isEqualTo(day.until().minus(Duration.ofMinutes(144)));
        var year = Interval.of(Samples.BEGINNING, Duration.ofDays(365));
        assertThat(ContractCourse.expiring(year)).isEqualTo(year.until().minus(Duration.ofDays(1)));
    }
}
