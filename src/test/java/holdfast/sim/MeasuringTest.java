package holdfast.sim;

import static holdfast.protocol.rear.Samples.vector;
import static holdfast.sim.World.vm;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.broker.market.Bought;
import holdfast.broker.market.Buyer;
import holdfast.broker.market.Market;
import holdfast.broker.market.Sales;
import holdfast.broker.market.Verdict;
import holdfast.calendar.Calendar;
import holdfast.calendar.Violation;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.core.Quantity;
import holdfast.engine.Resource;
import holdfast.protocol.rear.Configuration;
import holdfast.protocol.rear.Contract;
import holdfast.protocol.rear.Dimension;
import holdfast.protocol.rear.Flavor;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What is offered of hosts follows what there is of them (fluidos.md 2.2, 6.4). The lab has two hosts of 8 cores.
final class MeasuringTest {
    private static final Buyer ANNA = MarketStoriesTest.buyer("anna");

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    private World world;

    @BeforeEach
    void start() {
        world = new World(1, test);
        world.settle();
        world.run(tx -> world.engine.settings().set(tx, "flavor.hosts", Optional.of("true"), "admin"));
        world.run(world.engine.settings()::read);
        world.selling.measure();
    }

    private Market market() {
        return world.broker.market();
    }

    /// What is listed of a host; empty if nothing is.
    private Optional<Flavor> listed(String host) {
        return world.look(tx -> {
            var roots = world.engine.resources().ofType(tx, "flavor", 100).stream()
                    .filter(root -> root.name().equals(host))
                    .map(Resource::id)
                    .toList();
            assertThat(roots).as("roots called " + host).hasSize(1);
            return Optional.ofNullable(market().listed(tx, roots).get(roots.getFirst()));
        });
    }

    private String cpu(String host) {
        return listed(host)
                .map(flavor -> flavor.kind().vector().get(Dimension.CPU).text())
                .orElse("nothing");
    }

    private void lose(int cores) {
        world.run(tx -> new Calendar()
                .changeTotal(
                        tx,
                        "broker",
                        "LAB-H2",
                        Interval.since(world.now()),
                        Capacities.NONE.minus(Capacities.of("core", cores)))
                .orThrow());
        world.selling.measure();
    }

    @Test
    void what_machines_have_is_offered_and_follows_them() {
        assertThat(world.<List<Flavor>>look(tx -> market().list(tx, Optional.empty())))
                .as("hosts of both sites")
                .hasSizeGreaterThan(2);
        assertThat(cpu("lab-w2")).as("8 less a tenth, in whole cores").isEqualTo("7");
        var first = listed("lab-w2").orElseThrow().id();
        lose(3);
        assertThat(cpu("lab-w2")).as("5 less what is kept").isEqualTo("4");
        assertThat(listed("lab-w2").orElseThrow().id()).isNotEqualTo(first);
        lose(-3);
        assertThat(listed("lab-w2").orElseThrow().id()).isEqualTo(first);
        assertThat(world.selling.measure()).isEqualTo("offered 0 hosts more, changed 0 offers");
    }

    @Test
    void own_slices_make_offers_smaller() {
        world.create("own", Duration.ofHours(2), vm("a", "LAB", 8), vm("b", "LAB", 4))
                .orThrow();
        world.settle();
        var name = listed("lab-w2").orElseThrow().id();
        var gone = world.look(tx ->
                market().sales().reserve(tx, ANNA, new Sales.Wish(name, Optional.of(slice("6")), Optional.empty())));
        assertThat(gone).as("the slice took it since it was listed").isInstanceOf(Verdict.Gone.class);
        assertThat(cpu("lab-w2")).as("measured anew at once").isEqualTo("3");
        assertThat(cpu("lab-w1")).as("and the other within a minute").isEqualTo("7");
        world.selling.measure();
        assertThat(cpu("lab-w1")).isEqualTo("nothing");
        world.settleFor(Duration.ofHours(3), Duration.ofMinutes(30));
        world.selling.measure();
        assertThat(List.of(cpu("lab-w1"), cpu("lab-w2"))).containsExactly("7", "7");
    }

    @Test
    void what_is_sold_stays_sold_when_its_host_has_less() {
        var name = listed("lab-w2").orElseThrow().id();
        var contract = world.look(tx -> {
            var held = (Verdict.Held)
                    market().sales().reserve(tx, ANNA, new Sales.Wish(name, Optional.of(slice("6")), Optional.empty()));
            var transaction = world.engine
                    .resources()
                    .find(tx, held.claim().transaction())
                    .orElseThrow()
                    .name();
            return (Bought.New) market().contracts()
                    .purchase(tx, ANNA, transaction, new Contract.Ask(Optional.empty(), Optional.empty()));
        });
        world.settle();
        assertThat(cpu("lab-w2")).isEqualTo("1");
        lose(4);
        assertThat(cpu("lab-w2")).isEqualTo("nothing");
        assertThat(world.<Object>look(
                        tx -> tx.sql().fetchValue("select count(*) from notice where type = 'flavor.overcommit'")))
                .isEqualTo(1L);
        assertThat(world.slice(contract.contract().id()).state()).isEqualTo("active");
        lose(-4);
        assertThat(cpu("lab-w2")).isEqualTo("1");
    }

    @Test
    void what_we_use_tomorrow_and_what_is_sold_for_today_take_nothing_from_each_other() {
        var name = listed("lab-w2").orElseThrow().id();
        var today = Interval.of(world.now(), Duration.ofHours(6));
        var held = world.look(tx ->
                market().sales().reserve(tx, ANNA, new Sales.Wish(name, Optional.of(slice("6")), Optional.of(today))));
        assertThat(held).isInstanceOf(Verdict.Held.class);
        var later = Interval.of(world.now().plus(Duration.ofHours(8)), Duration.ofHours(4));
        world.create("own", later, vm("a", "LAB", 8), vm("b", "LAB", 5)).orThrow();
        world.settle();
        world.selling.measure();
        assertThat(cpu("lab-w2"))
                .as("what is free all the time: 2 and 3, less 1 that is kept")
                .isEqualTo("1");
        assertThat(world.<List<Violation>>look(tx -> new Calendar().audit(tx))).isEmpty();
        assertThat(world.<Object>look(
                        tx -> tx.sql().fetchValue("select count(*) from notice where type = 'flavor.overcommit'")))
                .isEqualTo(0L);
    }

    @Test
    void what_was_withdrawn_is_not_offered_again() {
        world.run(tx -> world.engine.resources().ofType(tx, "flavor", 100).stream()
                .filter(root -> root.name().equals("lab-w2"))
                .forEach(root -> market().withdraw(tx, root.id(), "admin").orThrow()));
        world.selling.measure();
        assertThat(listed("lab-w2")).isEmpty();
    }

    private static Configuration.Slice slice(String cpu) {
        return new Configuration.Slice(vector(cpu, "2Gi", "5").with(Dimension.STORAGE, Quantity.ZERO));
    }
}
