package holdfast.pools.clouds.choice;

import static holdfast.pools.clouds.choice.Clouds.ANY;
import static holdfast.pools.clouds.choice.Clouds.fixed;
import static holdfast.pools.clouds.choice.Clouds.memory;
import static holdfast.pools.clouds.choice.Clouds.oneOf;
import static holdfast.pools.clouds.choice.Clouds.profile;
import static holdfast.pools.clouds.choice.Clouds.provider;
import static holdfast.pools.clouds.choice.Clouds.range;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.core.HardwareProfile;
import holdfast.pools.clouds.BrokerImage;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/// Which back-end profile serves a front-end profile (aeolus.md 6.3, 6.4).
final class ProfilesTest {
    private static Optional<String> chosen(HardwareProfile wanted, HardwareProfile... offered) {
        return Profiles.choose(wanted, Optional.empty(), provider("p", offered))
                .map(fit -> fit.profile().name());
    }

    @Test
    void the_smallest_that_is_large_enough_in_everything_is_chosen() {
        var small = profile("small", fixed("512"), fixed("1"), fixed("10"));
        var wide = profile("wide", fixed("1024"), fixed("8"), fixed("10"));
        var tall = profile("tall", fixed("4096"), fixed("1"), fixed("10"));
        var large = profile("large", fixed("4096"), fixed("8"), fixed("100"));
        assertThat(chosen(profile("w", fixed("500"), ANY, ANY), large, tall, wide, small))
                .contains("small");
        assertThat(chosen(profile("w", fixed("513"), ANY, ANY), large, tall, wide, small))
                .contains("wide");
        assertThat(chosen(profile("w", fixed("2000"), ANY, ANY), large, tall, wide, small))
                .contains("tall");
        assertThat(chosen(profile("w", ANY, fixed("2"), fixed("20")), large, tall, wide, small))
                .contains("large");
        assertThat(chosen(profile("w", fixed("5000"), ANY, ANY), large, tall, wide, small))
                .isEmpty();
    }

    @Test
    void of_equal_ones_the_first_by_name_that_keeps_below_the_most_that_is_wanted() {
        var whole = memory("a-whole", "4096");
        var part = profile("b-part", range("4096", "1024", "4096"), ANY, ANY);
        assertThat(chosen(memory("w", "2000"), part, whole)).contains("a-whole");
        assertThat(chosen(profile("w", range("2000", "1024", "2048"), ANY, ANY), part, whole))
                .contains("b-part");
        assertThat(chosen(profile("w", range("2000", "1024", "2048"), ANY, ANY), whole))
                .as("more than is wanted at most is better than nothing")
                .contains("a-whole");
    }

    @Test
    void profiles_of_ignored_names_are_never_chosen() {
        assertThat(chosen(memory("w", "1"), memory("t1.micro", "613"), memory("opaque", "700"), memory("m1", "1740.8")))
                .contains("m1");
        assertThat(chosen(memory("w", "1"), memory("t1.micro", "613"))).isEmpty();
    }

    @Test
    void another_architecture_is_never_chosen() {
        var old = profile("old", fixed("512"), ANY, ANY, "i386");
        var both = profile("both", fixed("1024"), ANY, ANY, "i386", "x86_64");
        var silent = memory("silent", "256");
        var wanted = profile("w", fixed("1"), ANY, ANY, "x86_64");
        assertThat(chosen(wanted, old, silent)).isEmpty();
        var fit = Profiles.choose(wanted, Optional.empty(), provider("p", old, both, silent))
                .orElseThrow();
        assertThat(fit.profile()).isEqualTo(both);
        assertThat(fit.sent()).isEqualTo(Map.of("architecture", "x86_64"));
        assertThat(fit.sizes()).isEqualTo(Map.of("memory", "1024", "architecture", "x86_64"));
    }

    @Test
    void where_the_wish_says_nothing_the_image_decides_on_the_architecture() {
        var arm = profile("arm", fixed("512"), ANY, ANY, "aarch64");
        var silent = memory("silent", "1024");
        var image = Optional.of("x86_64");
        assertThat(Profiles.choose(memory("w", "1"), image, provider("p", arm, silent))
                        .orElseThrow()
                        .profile())
                .isEqualTo(silent);
        assertThat(Profiles.choose(memory("w", "1"), Optional.empty(), provider("p", arm, silent))
                        .orElseThrow()
                        .profile())
                .isEqualTo(arm);
    }

    @Test
    void sent_is_what_may_be_chosen_and_known_is_all() {
        var offered = profile("m1", range("10240", "7680", "15360"), fixed("2"), oneOf("850", "850", "1024"), "x86_64");
        var fit = Profiles.choose(
                        profile("w", fixed("512"), fixed("1"), fixed("900")), Optional.empty(), provider("p", offered))
                .orElseThrow();
        assertThat(fit.sent()).isEqualTo(Map.of("memory", "7680", "storage", "1024"));
        assertThat(fit.sizes())
                .isEqualTo(Map.of("memory", "7680", "cpu", "2", "storage", "1024", "architecture", "x86_64"));
    }

    @Test
    void without_a_wish_the_smallest_profile_is_taken_that_the_image_can_run_on() {
        var old = profile("old", fixed("256"), ANY, ANY, "i386");
        var small = profile("small", fixed("512"), ANY, ANY, "x86_64");
        var large = memory("large", "4096");
        var image = new BrokerImage("i", "i", "", "ann", Optional.of("x86_64"));
        assertThat(Profiles.smallest(List.of(large, small, old), image)).contains(small);
        assertThat(Profiles.smallest(List.of(old), image)).isEmpty();
    }

    @Property(tries = 300)
    void what_is_chosen_always_serves_and_is_the_same_in_whatever_order_profiles_come(
            @ForAll("profiles") List<HardwareProfile> offered,
            @ForAll("wishes") HardwareProfile wanted,
            @ForAll Random random) {
        var shuffled = new java.util.ArrayList<>(offered);
        Collections.shuffle(shuffled, random);
        var chosen = Profiles.choose(wanted, Optional.empty(), provider("p", offered.toArray(HardwareProfile[]::new)));
        var again = Profiles.choose(wanted, Optional.empty(), provider("p", shuffled.toArray(HardwareProfile[]::new)));
        assertThat(again).isEqualTo(chosen);
        var serving = offered.stream()
                .filter(one -> Profiles.satisfies(wanted, Optional.empty(), one))
                .toList();
        assertThat(chosen.isPresent()).isEqualTo(!serving.isEmpty());
        chosen.ifPresent(fit -> {
            assertThat(serving).contains(fit.profile());
            assertThat(serving).allMatch(one -> Profiles.BY_SIZE.compare(fit.profile(), one) <= 0);
            Profiles.measures(wanted)
                    .forEach((name, measure) -> Amounts.least(measure)
                            .ifPresent(least -> assertThat(
                                            Profiles.number(fit.sizes(), name).orElseThrow())
                                    .isGreaterThanOrEqualTo(least)));
        });
    }

    @Provide
    static Arbitrary<HardwareProfile> wishes() {
        var measures = AmountsTest.measures();
        return Combinators.combine(measures, measures, measures, Arbitraries.of(List.<String>of(), List.of("x86_64")))
                .as((memory, cpu, storage, words) ->
                        new HardwareProfile("w", "w", memory, cpu, storage, words, Optional.empty()));
    }

    @Provide
    static Arbitrary<List<HardwareProfile>> profiles() {
        var measures = AmountsTest.measures();
        var words = Arbitraries.of(List.<String>of(), List.of("x86_64"), List.of("i386"), List.of("i386", "x86_64"));
        return Combinators.combine(measures, measures, measures, words)
                .as((memory, cpu, storage, said) ->
                        new HardwareProfile("", "", memory, cpu, storage, said, Optional.empty()))
                .list()
                .ofMaxSize(8)
                .map(ProfilesTest::named);
    }

    private static List<HardwareProfile> named(List<HardwareProfile> profiles) {
        return java.util.stream.IntStream.range(0, profiles.size())
                .mapToObj(i -> {
                    var one = profiles.get(i);
                    return new HardwareProfile(
                            "p" + i,
                            "p" + i,
                            one.memory(),
                            one.cpu(),
                            one.storage(),
                            one.architectures(),
                            one.rootType());
                })
                .toList();
    }
}
