package holdfast.core;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Ipv4Test {
    @Property
    void what_is_written_is_read_again(@ForAll @LongRange(max = 0xffff_ffffL) long number) {
        var address = new Ipv4(number);
        assertThat(Ipv4.read(address.toString())).contains(address);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "web", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.4 ", "::1", "1.2.3.-4"})
    void what_is_no_address_is_none(String text) {
        assertThat(Ipv4.read(text)).isEmpty();
    }

    @Test
    void a_block_has_the_addresses_that_begin_like_it() {
        var address = Ipv4.read("203.0.113.99").orElseThrow();
        assertThat(address.isIn("203.0.113.0/24")).isTrue();
        assertThat(address.isIn("203.0.113.99/32")).isTrue();
        assertThat(address.isIn("0.0.0.0/0")).isTrue();
        assertThat(address.isIn("203.0.113.0/26")).isFalse();
        assertThat(address.isIn("203.0.112.0/24")).isFalse();
        assertThat(address.isIn("203.0.113.0/33")).isFalse();
        assertThat(address.isIn("2001:db8::/32")).isFalse();
        assertThat(address.isIn("203.0.113.0")).isFalse();
    }

    @Test
    void the_first_and_the_last_of_a_block_stand_for_all_of_it_unless_there_are_no_others() {
        assertThat(Ipv4.read("203.0.113.64").orElseThrow().isAllOf("203.0.113.64/26"))
                .isTrue();
        assertThat(Ipv4.read("203.0.113.127").orElseThrow().isAllOf("203.0.113.64/26"))
                .isTrue();
        assertThat(Ipv4.read("203.0.113.127").orElseThrow().isAllOf("203.0.113.0/24"))
                .isFalse();
        assertThat(Ipv4.read("203.0.113.64").orElseThrow().isAllOf("203.0.113.64/31"))
                .isFalse();
        assertThat(Ipv4.read("203.0.113.64").orElseThrow().isAllOf("203.0.113.64/32"))
                .isFalse();
        assertThat(Ipv4.read("203.0.113.64").orElseThrow().isAllOf("198.51.100.64/26"))
                .isFalse();
    }

    @Test
    void addresses_are_in_the_order_of_their_numbers() {
        var nine = Ipv4.read("10.0.0.9").orElseThrow();
        assertThat(nine).isLessThan(Ipv4.read("10.0.0.10").orElseThrow());
    }
}
