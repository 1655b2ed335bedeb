package holdfast.federation.resale;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.federation.wire.Dialect;
import holdfast.federation.wire.RearReader;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.FlavorIds;
import holdfast.protocol.rear.Kind;
import holdfast.protocol.rear.NodeIdentity;
import holdfast.protocol.rear.Price;
import holdfast.protocol.rear.Provenance;
import holdfast.protocol.rear.Samples;
import holdfast.protocol.rear.ServiceOffer;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What another offers as our own offer (fluidos.md 6.7).
final class ReadvertisingTest {
    private static final Instant AS_OF = Instant.parse("2031-05-02T08:00:00Z");
    private static final Readvertising SP = again("sp00000000", "jura.example", "10%");
    private static final Readvertising SC = again("sc00000000", "valais.example", "0.01");
    private static final Flavor HEARD = Samples.flavor("alps-example-k8slice-00112233aa", Samples.slice());

    private static Readvertising again(String id, String domain, String margin) {
        var self = new NodeIdentity(id, id + ":30000", domain, Optional.of(id));
        return new Readvertising(self, Margin.of(margin).orThrow(), 4);
    }

    private static Flavor again(Readvertising by, Flavor heard) {
        return by.again(heard, by.name(heard, 0xabcdef), AS_OF);
    }

    @Test
    void it_has_a_new_name_with_the_same_tag_and_we_are_owner_and_provider() {
        var once = again(SP, HEARD);
        var tag = FlavorIds.origin(Samples.OWNER.id(), HEARD.id());
        assertThat(once.id()).isEqualTo("jura-example-k8slice-abcdef-o" + tag);
        assertThat(once.owner()).isEqualTo(SP.self());
        assertThat(once.provider()).isEqualTo("sp00000000");
        assertThat(once.price()).contains(new Price("0.44", "EUR", "hour"));
        var twice = again(SC, once);
        assertThat(twice.id()).startsWith("valais-example-").endsWith(tag);
        assertThat(twice.price()).contains(new Price("0.45", "EUR", "hour"));
        var from = Provenance.of(twice);
        assertThat(from.node()).contains(Samples.OWNER.id());
        assertThat(from.flavor()).contains(HEARD.id());
        assertThat(from.path()).containsExactly("sp00000000", "sc00000000");
        assertThat(from.asOf()).contains(AS_OF);
        assertThat(from.expires()).contains(AS_OF.plus(Readvertising.LIFE));
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void whatever_is_spoken_it_is_known_whose_it_is(Dialect dialect) {
        for (Kind kind : List.of(Samples.slice(), Samples.vm(), Samples.service(), Samples.sensor())) {
            var sent = again(SP, Samples.flavor(HEARD.id(), kind));
            var heard = RearReader.flavor(dialect.writer().flavor(sent)).orThrow();
            var from = Provenance.of(heard);
            assertThat(from.tag()).isEqualTo(FlavorIds.origin(Samples.OWNER.id(), HEARD.id()));
            if (!(kind instanceof ServiceOffer)) {
                assertThat(from).as("%s", kind.type()).isEqualTo(Provenance.of(sent));
            }
        }
    }

    @Test
    void what_is_ours_was_here_or_comes_too_far_is_left_out() {
        var once = again(SP, HEARD);
        assertThat(SC.fault(once, Set.of())).isEmpty();
        assertThat(SP.fault(once, Set.of())).as("it was here").isPresent();
        assertThat(SC.fault(once, Set.of(Provenance.of(once).tag()))).as("ours").isPresent();
        var far = once;
        for (int hop = 0; hop < 3; hop++) {
            far = again(again("s" + hop, "far.example", "0%"), far);
        }
        assertThat(SC.fault(far, Set.of())).as("too far").isPresent();
    }

    @Test
    void of_several_ways_to_one_offer_the_shortest_is_taken() {
        var direct = again(SP, HEARD);
        var around = again(SC, direct);
        var other = Samples.flavor("another", Samples.slice());
        assertThat(Readvertising.best(List.of(around, direct, other))).containsExactly(direct, other);
        assertThat(Readvertising.best(List.of(other, direct, around))).containsExactly(other, direct);
    }

    @Test
    void a_margin_is_a_part_or_an_amount() {
        var price = new Price("0.1", "EUR", "hour");
        assertThat(Margin.of("12.5%").orThrow().on(price).amount()).isEqualTo("0.1125");
        assertThat(Margin.of("0.05").orThrow().on(price, new BigDecimal("0.5")).amount())
                .isEqualTo("0.125");
        assertThat(Margin.of("3%").orThrow().on(new Price("free", "", "")).amount())
                .isEqualTo("free");
        assertThat(Margin.of("-1")).isInstanceOf(holdfast.core.Answer.No.class);
        assertThat(Margin.of("10 %").toString()).contains("10 %");
    }
}
