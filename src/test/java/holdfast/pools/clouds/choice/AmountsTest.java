package holdfast.pools.clouds.choice;

import static holdfast.pools.clouds.choice.Clouds.ANY;
import static holdfast.pools.clouds.choice.Clouds.fixed;
import static holdfast.pools.clouds.choice.Clouds.oneOf;
import static holdfast.pools.clouds.choice.Clouds.range;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.core.Property;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// One measure against another (aeolus.md 6.1, 6.2, 6.4).
final class AmountsTest {
    private static final String NO = "no match";
    private static final String UNSAID = "left to the provider";

    static Stream<Arguments> examples() {
        var wide = range("10240", "7680", "15360");
        var two = oneOf("850", "850", "1024");
        return Stream.of(
                Arguments.of(fixed("512"), wide, "7680"),
                Arguments.of(fixed("9000"), wide, "9000"),
                Arguments.of(fixed("9000.5"), wide, "9000.5"),
                Arguments.of(ANY, wide, "10240"),
                Arguments.of(fixed("15360"), wide, "15360"),
                Arguments.of(fixed("16000"), wide, NO),
                Arguments.of(fixed("1740.8"), fixed("1740.8"), "1740.8"),
                Arguments.of(fixed("1741"), fixed("1740.8"), NO),
                Arguments.of(fixed("512"), fixed("1740.80"), "1740.8"),
                Arguments.of(fixed("800"), two, "850"),
                Arguments.of(fixed("900"), two, "1024"),
                Arguments.of(fixed("1024.0"), two, "1024"),
                Arguments.of(fixed("1025"), two, NO),
                Arguments.of(ANY, oneOf("1024", "850", "1024"), "1024"),
                Arguments.of(ANY, oneOf("", "850", "1024"), UNSAID),
                Arguments.of(ANY, ANY, UNSAID),
                Arguments.of(fixed("1"), ANY, NO),
                Arguments.of(ANY, fixed("2"), "2"),
                Arguments.of(fixed("800"), range("", "512", "1024"), "800"),
                Arguments.of(range("", "600", "900"), wide, "7680"),
                Arguments.of(range("", "600", "900"), range("512", "100", "2000"), "600"),
                Arguments.of(range("700", "600", "900"), range("512", "100", "2000"), "700"),
                Arguments.of(range("", "16000", "20000"), wide, NO),
                Arguments.of(oneOf("", "1", "4"), oneOf("2", "2", "8"), "2"),
                Arguments.of(range("8", "1", "10"), oneOf("2", "2", "4"), "4"));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void the_least_that_serves_is_taken(Property wanted, Property offered, String size) {
        assertThat(Amounts.satisfies(wanted, offered)).isEqualTo(!size.equals(NO));
        if (!size.equals(NO)) {
            assertThat(Amounts.size(wanted, offered).map(Amounts::text).orElse(UNSAID))
                    .isEqualTo(size);
        }
    }

    @Test
    void profiles_are_ordered_by_the_most_that_they_have_and_numbers_are_compared_as_numbers() {
        assertThat(List.of(ANY, fixed("7"), range("1", "1", "8"), oneOf("850", "1024", "850")))
                .extracting(Amounts::sortValue)
                .extracting(Amounts::text)
                .containsExactly("0", "7", "8", "1024");
    }

    @Test
    void sizes_are_written_without_zeros_that_say_nothing() {
        assertThat(Stream.of("512.0", "1740.80", "0.0", "1E+3", "0.25", "100")
                        .map(BigDecimal::new)
                        .map(Amounts::text))
                .containsExactly("512", "1740.8", "0", "1000", "0.25", "100");
    }

    @Test
    void only_ranges_and_enumerations_can_be_chosen_from() {
        assertThat(Stream.of(ANY, fixed("1"), range("", "1", "2"), oneOf("", "1"))
                        .map(Amounts::isOpen))
                .containsExactly(false, false, true, true);
    }

    @net.jqwik.api.Property(tries = 2_000)
    void what_satisfies_gives_at_least_what_is_wanted_and_no_more_than_there_is(
            @ForAll("measures") Property wanted, @ForAll("measures") Property offered) {
        if (!Amounts.satisfies(wanted, offered)) {
            assertThat(Amounts.sortValue(offered))
                    .isLessThan(Amounts.least(wanted).orElseThrow());
            return;
        }
        var size = Amounts.size(wanted, offered);
        if (Amounts.least(wanted).isPresent()) {
            assertThat(size.orElseThrow())
                    .isGreaterThanOrEqualTo(Amounts.least(wanted).orElseThrow());
        }
        size.ifPresent(amount -> {
            assertThat(amount)
                    .isGreaterThanOrEqualTo(Amounts.least(offered).orElseThrow())
                    .isLessThanOrEqualTo(Amounts.sortValue(offered));
            if (offered instanceof Property.OneOf(var _, var entries)) {
                assertThat(entries).contains(amount);
            }
        });
    }

    @net.jqwik.api.Property(tries = 500)
    void more_that_is_offered_never_satisfies_less(
            @ForAll("measures") Property wanted, @ForAll("measures") Property one, @ForAll("measures") Property other) {
        var less = Amounts.sortValue(one).compareTo(Amounts.sortValue(other)) <= 0 ? one : other;
        var more = less == one ? other : one;
        assertThat(Amounts.satisfies(wanted, more) || !Amounts.satisfies(wanted, less))
                .isTrue();
    }

    @Provide
    static Arbitrary<Property> measures() {
        var amounts = Arbitraries.bigDecimals()
                .between(BigDecimal.ONE, BigDecimal.valueOf(64))
                .ofScale(1)
                .map(BigDecimal::stripTrailingZeros);
        var fixed = amounts.<Property>map(Property.Fixed::new);
        var ranges = Combinators.combine(amounts, amounts, amounts).<Property>as((a, b, c) -> {
            var sorted = Stream.of(a, b, c).sorted().toList();
            return new Property.Range(Optional.of(sorted.get(1)), sorted.get(0), sorted.get(2));
        });
        var enums = amounts.list()
                .ofMinSize(1)
                .ofMaxSize(4)
                .<Property>map(entries -> new Property.OneOf(Optional.of(entries.getFirst()), entries));
        var unusual = Combinators.combine(amounts, amounts)
                .<Property>as((a, b) -> new Property.Range(Optional.empty(), a.min(b), a.max(b)));
        return Arbitraries.oneOf(Arbitraries.just(new Property.Any()), fixed, ranges, enums, unusual);
    }
}
