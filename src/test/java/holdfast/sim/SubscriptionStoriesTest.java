package holdfast.sim;

import static holdfast.sim.World.vm;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.core.Interval;
import holdfast.protocol.rear.FlavorType;
import holdfast.protocol.rear.Selector;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What sellers tell is known at their buyers at once, and nobody asks (fluidos.md 5.9).
final class SubscriptionStoriesTest {
    private static final Selector SLICES =
            Selector.of(FlavorType.K8SLICE, List.of()).orThrow();
    private static final Duration TERM = Duration.ofHours(4);

    @AutoClose
    private final Domains domains = new Domains(1);

    private Domain buyer;
    private Domain seller;

    @BeforeEach
    void start() {
        seller = domains.add("seller");
        buyer = domains.add("buyer");
        List.of(seller, buyer).forEach(Domain::tellsAndListens);
        seller.sells();
        buyer.meets(seller);
        buyer.discovers(SLICES);
        domains.settle();
    }

    private void withdraws(String flavor) {
        seller.world.run(tx -> seller.world
                .broker
                .market()
                .withdraw(
                        tx,
                        UUID.fromString(
                                String.valueOf(tx.sql().fetchValue("select root from listing where id = ?", flavor))),
                        "admin")
                .orThrow());
    }

    @Test
    void what_its_seller_takes_back_is_gone_and_nobody_asked() {
        var offers = List.copyOf(buyer.candidates().keySet());
        assertThat(offers).hasSizeGreaterThan(1);
        withdraws(offers.getFirst());
        domains.settle();
        assertThat(buyer.candidates())
                .containsEntry(offers.getFirst(), "gone")
                .containsEntry(offers.getLast(), "fresh");
    }

    @Test
    void a_buyer_that_died_goes_on_where_it_was_on_a_bad_wire_too() {
        var offers = List.copyOf(buyer.candidates().keySet());
        buyer.reboot();
        domains.wire.trouble = 40;
        withdraws(offers.getFirst());
        domains.settle();
        assertThat(buyer.candidates()).containsEntry(offers.getFirst(), "gone");
        assertThat(seller.states("subscription")).hasSize(1);
    }

    @Test
    void a_contract_that_its_seller_ends_is_over_at_its_buyer_before_anybody_looks() {
        buyer.world.create("full", TERM, vm("n", "NORTH", 4)).orThrow();
        domains.settle();
        var term = Interval.of(buyer.world.now(), TERM);
        buyer.world.createAnywhere("away", term, vm("node1", "NORTH", 2)).orThrow();
        domains.settle();
        assertThat(buyer.contracts().getLast().state()).isEqualTo("active");
        seller.endsSold(seller.contracts().getLast().id());
        domains.settle();
        assertThat(buyer.contracts().getLast().state()).isEqualTo("terminated");
        assertThat(buyer.contracts().getLast().message())
                .hasValueSatisfying(why -> assertThat(why).contains("its seller has ended it"));
        domains.agree();
    }
}
