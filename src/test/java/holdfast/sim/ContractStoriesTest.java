package holdfast.sim;

import static holdfast.sim.World.vm;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.broker.market.SellerPeering;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.core.SliverId;
import holdfast.engine.Resource;
import holdfast.federation.buying.Deal;
import holdfast.protocol.LeaseInfo;
import holdfast.protocol.Message.UpdateLease;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What becomes of contracts, and of what runs under them, when one side changes them, forgets them or is gone
/// (fluidos.md 4.7, 7).
final class ContractStoriesTest {
    private static final Duration TERM = Duration.ofHours(4);

    @AutoClose
    private final Domains domains = new Domains(1);

    private Domain buyer;
    private Domain seller;
    private UUID full;
    private UUID slice;

    @BeforeEach
    void start() {
        seller = domains.add("seller");
        buyer = domains.add("buyer");
        seller.sells();
        buyer.meets(seller);
        full = buyer.world
                .create("full", TERM, vm("n", "NORTH", 4))
                .orThrow()
                .slice()
                .id();
        domains.settle();
        slice = away("away");
        assertThat(state(slice)).isEqualTo("StableOK");
    }

    private UUID away(String name) {
        var term = Interval.of(buyer.world.now(), TERM);
        var made =
                buyer.world.createAnywhere(name, term, vm("node1", "NORTH", 2)).orThrow();
        domains.settle();
        return made.slice().id();
    }

    private String state(UUID id) {
        return buyer.world.slice(id).state();
    }

    private Resource bought() {
        return buyer.contracts().getLast();
    }

    private Resource sold() {
        return seller.contracts().getLast();
    }

    private void reconciled() {
        domains.keepHouse();
    }

    /// All terms and graces are over.
    private void afterAll() {
        domains.settleFor(Duration.ofHours(8), Duration.ofHours(1));
        domains.keepHouse();
        domains.settleFor(Duration.ofHours(2), Duration.ofHours(1));
    }

    @Test
    void what_both_sides_say_stays_as_it_is() {
        var before = bought();
        reconciled();
        assertThat(bought()).isEqualTo(before);
        domains.agree();
    }

    @Test
    void what_a_lender_says_of_what_runs_elsewhere_is_not_heeded() {
        var here = sliver(full);
        var lent = sliver(slice);
        for (var liar : List.of("lab-am@" + UUID.randomUUID(), "north-am", "clouds")) {
            for (var victim : List.of(here, lent)) {
                if (liar.equals("north-am") && victim.equals(here)) continue; // has it
                for (var lie : UpdateLease.State.values()) {
                    if (lie != UpdateLease.State.PREPARED) {
                        says(liar, "orchestrator", victim, lie);
                    }
                    says(liar, "broker", victim, lie);
                }
            }
        }
        domains.settle();
        assertThat(state(full)).isEqualTo("StableOK");
        assertThat(state(slice)).isEqualTo("StableOK");
        assertThat(buyer.all("ticket").stream().map(Resource::state)).containsOnly("ticketed");
        domains.neverEver();
    }

    private SliverId sliver(UUID slice) {
        return new SliverId(buyer.world.slivers(slice).getFirst().id());
    }

    private void says(String sender, String receiver, SliverId sliver, UpdateLease.State state) {
        var lease = new LeaseInfo("host", List.of(), Map.of());
        var told = new UpdateLease(sliver, 99, state, Optional.of(lease), Optional.of(Refusal.broken("a lie")));
        buyer.world.run(tx -> buyer.world.engine.post().send(tx, sender, receiver, told));
    }

    @Test
    void what_its_seller_ends_is_over_at_its_buyer_and_nothing_hangs() {
        seller.endsSold(sold().id());
        domains.settle();
        reconciled();
        assertThat(bought().state()).isEqualTo("terminated");
        assertThat(buyer.states("peering")).containsExactly("released");
        assertThat(seller.world.substrates.values())
                .allSatisfy(substrate -> assertThat(substrate.present).isEmpty());
        assertThat(buyer.world.slivers(slice)).extracting(Resource::state).containsOnly("failed");
        domains.agree();
        afterAll();
        domains.nothingIsLeft();
    }

    @Test
    void its_seller_has_a_record_of_its_peering_from_the_purchase_to_the_end() {
        var peering = seller.all("peering").getLast();
        assertThat(seller.world.states(peering.id())).containsExactly("inactive", "provisioning", "active");
        var record = peering.as(SellerPeering.class);
        assertThat(record.contract()).isEqualTo(sold().id());
        assertThat(record.activeAt()).contains(seller.world.now());
        buyer.world.orchestrator.delete(World.ALICE, slice).orThrow();
        domains.settle();
        reconciled();
        assertThat(seller.world.states(peering.id())).endsWith("active", "releasing", "released");
        assertThat(seller.all("peering").getLast().removed()).isPresent();
    }

    @Test
    void what_ends_at_its_seller_while_no_mail_comes_is_found_when_it_is_asked_for() {
        domains.wire.away.add(seller.node.address());
        seller.endsSold(sold().id());
        reconciled();
        assertThat(bought().state()).as("nobody knows").isEqualTo("active");
        domains.wire.away.clear();
        buyer.keepHouse();
        assertThat(bought().state()).isEqualTo("terminated");
        domains.settle();
        assertThat(buyer.world.slivers(slice)).extracting(Resource::state).containsOnly("failed");
        domains.agree();
    }

    @Test
    void a_contract_that_its_seller_has_lost_is_over_and_what_ran_under_it_is_told() {
        seller.world.run(tx -> tx.sql().execute("update resource set actor = 'nobody' where type = 'contract'"));
        reconciled();
        assertThat(bought().state()).isEqualTo("terminated");
        assertThat(bought().message().orElseThrow()).startsWith("lost: ");
        assertThat(buyer.states("peering")).containsExactly("released");
        assertThat(state(slice)).isEqualTo("Dead");
        afterAll();
        buyer.world.nothingIsLeft();
    }

    @Test
    void a_renewal_is_taken_over() {
        var until = bought().as(Deal.class).term().until().plus(Duration.ofHours(2));
        var sold = sold().id();
        seller.world.run(tx -> seller.world
                .broker
                .market()
                .contracts()
                .renew(tx, sold, until, "admin")
                .orThrow());
        reconciled();
        assertThat(bought().as(Deal.class).term().until()).isEqualTo(until);
        domains.settleFor(TERM.plusMinutes(10), Duration.ofMinutes(50));
        assertThat(List.of(bought().state(), sold().state()))
                .as("the slice is over")
                .containsOnly("terminated");
        afterAll();
        domains.nothingIsLeft();
    }

    @Test
    void its_last_tenth_is_seen_on_both_sides() {
        domains.settleFor(TERM.dividedBy(10).multipliedBy(9), TERM.dividedBy(10).multipliedBy(3));
        domains.settleFor(Duration.ofMinutes(1), Duration.ofMinutes(1));
        assertThat(List.of(bought().state(), sold().state())).containsOnly("expiring");
        assertThat(warnings())
                .singleElement()
                .satisfies(warning -> assertThat(warning)
                        .contains("physics", bought().name(), "holdfast contract renew " + bought().name(), "seller"));
        afterAll();
        domains.nothingIsLeft();
    }

    /// Which users of the buyer are told, and what.
    private List<String> warnings() {
        return buyer.world.look(tx -> tx.sql()
                .fetch("select project || ' ' || data::text from notice where type = 'contract.expiring'")
                .map(row -> row.get(0, String.class)));
    }

    @Test
    void a_peer_that_is_down_hides_its_offers_and_keeps_its_contracts() {
        domains.wire.away.add(seller.node.address());
        domains.settleFor(Duration.ofMinutes(3), Duration.ofMinutes(1));
        for (int times = 0; times < 5; times++) {
            buyer.watch();
        }
        assertThat(buyer.states("peer")).containsExactly("down");
        var refused = away("more");
        assertThat(state(refused)).isEqualTo("Dead");
        reconciled();
        assertThat(bought().state()).isEqualTo("active");
        assertThat(state(slice)).isEqualTo("StableOK");
        domains.wire.away.clear();
        buyer.watch();
        assertThat(state(away("again"))).isEqualTo("StableOK");
        domains.agree();
    }

    @Test
    void what_ran_at_a_peer_that_never_answers_again_is_given_up_after_the_grace() {
        domains.wire.away.add(seller.node.address());
        buyer.world.orchestrator.delete(World.ALICE, slice).orThrow();
        buyer.release(bought().id());
        domains.settleFor(Duration.ofMinutes(50), Duration.ofMinutes(5));
        assertThat(bought().removed()).as("the seller is told for an hour").isEmpty();
        domains.settleFor(Duration.ofMinutes(75), Duration.ofMinutes(5));
        assertThat(bought().removed()).isPresent();
        domains.settleFor(Duration.ofHours(2), Duration.ofMinutes(30));
        domains.keepHouse();
        assertThat(buyer.states("peering")).containsExactly("released");
        assertThat(buyer.world.slivers(slice)).extracting(Resource::state).containsOnly("closed");
        afterAll();
        buyer.world.nothingIsLeft();
        seller.world.nothingIsLeft();
    }
}
