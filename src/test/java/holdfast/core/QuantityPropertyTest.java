package holdfast.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

final class QuantityPropertyTest {
    private static final List<String> SUFFIXES =
            List.of("n", "u", "m", "", "k", "M", "G", "Ki", "Mi", "Gi", "e-6", "e3", "E6");

    @Property(tries = 100)
    void a_million_sums_do_not_drift(@ForAll Random random) {
        var added = new ArrayList<Quantity>();
        var sum = Quantity.ZERO;
        var exact = BigInteger.ZERO;
        for (int i = 0; i < 10_000; i++) {
            var text = random.nextInt(-99_999, 100_000) + "." + random.nextInt(1000)
                    + SUFFIXES.get(random.nextInt(SUFFIXES.size()));
            var quantity = Quantity.of(text).orThrow();
            added.add(quantity);
            sum = sum.plus(quantity);
            if (i % 100 == 0) sum = Quantity.of(sum.text()).orThrow();
            exact = exact.add(quantity.nano());
        }
        assertThat(sum.nano()).isEqualTo(exact);
        Collections.shuffle(added, random);
        for (var quantity : added) sum = sum.minus(quantity);
        assertThat(sum).isEqualTo(Quantity.ZERO);
    }

    @Property
    void the_text_of_any_quantity_is_read_as_the_same_and_written_alike(
            @ForAll long nano, @ForAll @LongRange(min = 1, max = 999_999_999) long factor, @ForAll Suffix family) {
        var quantity = new Quantity(BigInteger.valueOf(nano).multiply(BigInteger.valueOf(factor)), family);
        var again = Quantity.of(quantity.text()).orThrow();
        assertThat(again).isEqualTo(quantity);
        assertThat(again.text()).isEqualTo(quantity.text());
        assertThat(quantity.text()).matches("-?\\d+([numkMGTPE]|[KMGTPE]i|e-?\\d+)?");
    }
}
