package holdfast.broker.choice;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.broker.choice.Worlds.World;
import holdfast.core.Answer;
import holdfast.core.Capacities;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// The decision as a whole, against every way that there is on small calendars.
class ChoicePropertyTest {
    @Provide
    Arbitrary<World> worlds() {
        return Worlds.worlds();
    }

    @Provide
    Arbitrary<Ask> asks() {
        return asksFor(3);
    }

    @Provide
    Arbitrary<Ask> single() {
        return asksFor(1);
    }

    static Arbitrary<Ask> asksFor(int items) {
        return Worlds.window().flatMap(window -> {
            var when = Worlds.hours(window.getFirst(), window.getLast());
            var count = Arbitraries.integers().between(1, 4);
            Arbitrary<Need> hosts = Combinators.combine(count, count)
                    .as((a, b) -> new Need.Hosts(Math.min(a, b), Math.max(a, b), PropertyQuery.everything()));
            Arbitrary<Need> instances = Combinators.combine(
                            count,
                            count,
                            Arbitraries.of(Affinity.class),
                            Arbitraries.longs().between(1, 4))
                    .as((a, b, affinity, vcpus) -> new Need.Instances(
                            new Flavor(vcpus, 512, 0),
                            Math.min(a, b),
                            Math.max(a, b),
                            affinity,
                            PropertyQuery.everything()));
            Arbitrary<Need> quantity = Arbitraries.longs()
                    .between(1, 14)
                    .map(vcpus -> Need.Quantity.of(Capacities.of(Dimensions.VCPU, vcpus), when));
            Arbitrary<List<String>> zones = Arbitraries.of(List.<List<String>>of(
                    List.of(), List.of(), List.of(Worlds.zone(1)), List.of(Worlds.zone(1), Worlds.zone(0))));
            return Combinators.combine(Arbitraries.oneOf(hosts, instances, quantity), zones)
                    .as((need, in) -> Item.of(Worlds.id(0), need).in(in))
                    .list()
                    .ofMinSize(1)
                    .ofMaxSize(items)
                    .map(list -> {
                        var numbered = new ArrayList<Item>();
                        for (var item : list) {
                            numbered.add(new Item(
                                    Worlds.id(numbered.size()),
                                    item.provider(),
                                    item.zones(),
                                    item.within(),
                                    item.need(),
                                    List.of()));
                        }
                        return Ask.of("mine", when, numbered);
                    });
        });
    }

    @Property(tries = 300)
    void a_yes_breaks_nothing_and_answers_for_every_item(@ForAll("worlds") World world, @ForAll("asks") Ask ask) {
        var snapshot = world.snapshot(Set.of(0, 2, 4, 6));
        if (!(Choice.decide(ask, snapshot) instanceof Answer.Yes<Grant>(var grant))) {
            return;
        }
        var free = Worlds.free(snapshot);
        grant.moves().forEach(move -> move.before().forEach(claim -> Worlds.take(free, claim, -1)));
        var all = new ArrayList<>(grant.claims());
        grant.moves().forEach(move -> all.addAll(move.after()));
        for (var claim : all) {
            assertThat(Worlds.fits(free, claim)).as(claim + " in " + grant).isTrue();
            Worlds.take(free, claim, 1);
        }
        assertThat(grant.placements().keySet())
                .isEqualTo(ask.items().stream().map(Item::id).collect(Collectors.toSet()));
        ask.items().forEach(item -> kept(item, ask, grant.placements().get(item.id()), grant.claims(), snapshot));
        grant.moves().forEach(move -> assertThat(sizes(move.before())).isEqualTo(sizes(move.after())));
    }

    @Example
    void of_hosts_that_do_as_well_those_are_taken_where_nobody_has_to_leave() {
        var world = new World(1, List.of(4, 4, 4, 4), 0, 100, List.of(), List.of()).snapshot();
        var lent = Capacities.of(Dimensions.VCPU, 1).plus(Dimensions.whole(2));
        var places = new TreeMap<>(world.places());
        places.replaceAll((id, place) -> place.about() instanceof Place.Host host && host.number() < 2
                ? new Place(id, place.provider(), place.zone(), place.free(), lending(host, lent))
                : place);
        var snapshot = new Snapshot(world.now(), places, world.units(), world.pending());
        assertThat(taken(snapshot, new Need.Hosts(2, 2, PropertyQuery.everything())))
                .containsExactly(Worlds.host(2), Worlds.host(3));
        assertThat(taken(snapshot, new Need.Hosts(3, 3, PropertyQuery.everything())))
                .contains(Worlds.host(2), Worlds.host(3));
        var beside = new Need.Instances(Worlds.SMALL, 1, 1, Affinity.NONE, PropertyQuery.everything());
        assertThat(taken(snapshot, beside)).containsExactly(Worlds.host(0));
    }

    private static Place.Host lending(Place.Host host, Capacities lent) {
        return new Place.Host(
                host.number(),
                host.rack(),
                host.size(),
                host.cleaning(),
                host.reservable(),
                host.properties(),
                host.projects(),
                lent);
    }

    private static List<String> taken(Snapshot snapshot, Need need) {
        var item = Item.of(Worlds.id(0), need).within(Spread.ANYWHERE);
        return Choice.decide(Ask.of("mine", Worlds.hours(1, 5), List.of(item)), snapshot)
                .orThrow()
                .placements()
                .get(item.id())
                .stream()
                .map(Placement::place)
                .toList();
    }

    private static Map<Object, Long> sizes(List<Claim> claims) {
        return claims.stream()
                .filter(claim -> claim.amount().get(Dimensions.WHOLE) > 0)
                .collect(Collectors.groupingBy(
                        claim -> claim.when().from(),
                        Collectors.summingLong(claim -> claim.amount().get(Dimensions.WHOLE))));
    }

    /// Number, affinity, zones, one site, and the chain: zone and account count what is on their hosts.
    private static void kept(Item item, Ask ask, List<Placement> placements, List<Claim> claims, Snapshot snapshot) {
        var own =
                claims.stream().filter(claim -> claim.item().equals(item.id())).toList();
        var keys = new HashSet<Object>();
        own.forEach(claim ->
                assertThat(keys.add(List.of(claim.place(), claim.when()))).isTrue());
        if (item.need() instanceof Need.Quantity(var steps)) {
            assertThat(placements).hasSize(1);
            var place = placements.getFirst().place();
            assertThat(own)
                    .extracting(Claim::place, Claim::amount)
                    .containsExactlyInAnyOrder(
                            org.assertj.core.groups.Tuple.tuple(
                                    place, steps.getFirst().amount()),
                            org.assertj.core.groups.Tuple.tuple(
                                    snapshot.place(place).provider(),
                                    steps.getFirst().amount()));
            return;
        }
        var hosts = placements.stream().map(one -> snapshot.place(one.place())).toList();
        assertThat(hosts.stream().map(Place::provider).distinct()).hasSize(1);
        long number = placements.stream().mapToLong(Placement::slots).sum();
        switch (item.need()) {
            case Need.Hosts need -> assertThat(number).isBetween(need.min(), need.max());
            case Need.Instances need -> {
                assertThat(number).isBetween(need.min(), need.max());
                if (need.affinity() == Affinity.TOGETHER) {
                    assertThat(placements).hasSize(1);
                } else if (need.affinity() == Affinity.APART) {
                    assertThat(placements).allMatch(one -> one.slots() == 1);
                }
            }
            default -> throw new AssertionError(item);
        }
        hosts.forEach(host -> assertThat(item.zones().isEmpty()
                        || item.zones().contains(host.zone().orElseThrow()))
                .isTrue());
        long onHosts = vcpus(own, "/h/");
        assertThat(onHosts).isPositive();
        assertThat(vcpus(own, "/a/")).isEqualTo(onHosts);
        assertThat(own.stream()
                        .filter(claim -> claim.place().equals(hosts.getFirst().provider()))
                        .mapToLong(claim -> claim.amount().get(Dimensions.VCPU)))
                .containsExactly(onHosts);
        assertThat(own).allMatch(claim -> claim.when().contains(ask.when()));
    }

    private static long vcpus(List<Claim> claims, String part) {
        return claims.stream()
                .filter(claim -> claim.place().contains(part))
                .mapToLong(claim -> claim.amount().get(Dimensions.VCPU))
                .sum();
    }

    @Property(tries = 300)
    void a_no_that_is_proved_is_a_no_in_every_way(@ForAll("worlds") World world, @ForAll("asks") Ask ask) {
        var snapshot = world.snapshot(Set.of(1, 3, 5));
        if (Choice.decide(ask, snapshot) instanceof Answer.No<Grant>(var why) && why.proved()) {
            assertThat(new Brute(snapshot).possible(ask)).as(why.toString()).isFalse();
        }
    }

    @Property(tries = 300)
    void one_item_that_fits_in_any_way_is_accepted_and_a_no_is_proved(
            @ForAll("worlds") World world, @ForAll("single") Ask ask) {
        var snapshot = world.snapshot();
        var possible = new Brute(snapshot).possible(ask);
        var answer = Choice.decide(ask, snapshot);
        if (answer instanceof Answer.No<Grant>(var why) && !why.proved()) {
            // whole hosts of different sizes under a tight limit: not found is said, not impossible
            assertThat(ask.items().getFirst().need()).isInstanceOf(Need.Hosts.class);
            return;
        }
        assertThat(answer instanceof Answer.Yes<Grant>).as(answer.toString()).isEqualTo(possible);
    }

    @Property(tries = 300)
    void a_certificate_can_be_checked_against_the_profile(@ForAll("worlds") World world, @ForAll("single") Ask ask) {
        var snapshot = world.snapshot();
        if (Choice.decide(ask, snapshot) instanceof Answer.No<Grant>(var why)) {
            assertThat(why.wish()).isPresent();
            why.certificate().ifPresent(certificate -> {
                var hours = Worlds.free(snapshot).get(certificate.place()).get(certificate.dimension());
                int first = Worlds.hour(ask.when().from());
                while (hours[first] >= certificate.wanted()) {
                    first++;
                }
                assertThat(certificate.at()).isEqualTo(Worlds.at(first));
                assertThat(certificate.free()).isEqualTo(hours[first]);
                assertThat(certificate.deficit()).isPositive();
                var when = new holdfast.core.Interval(
                        ask.when().from(), ask.when().until().plusSeconds(7_200));
                assertThat(Proof.holds(
                                certificate, snapshot.place(certificate.place()).free(), when))
                        .isTrue();
            });
            if (ask.items().getFirst().need() instanceof Need.Quantity) {
                assertThat(why.certificate()).isPresent();
            }
        }
    }

    @Property(tries = 300)
    void an_update_is_decided_without_what_it_has(@ForAll("worlds") World world, @ForAll("asks") Ask ask) {
        var snapshot = world.snapshot();
        if (Choice.decide(ask, snapshot) instanceof Answer.Yes<Grant>(var grant)) {
            var booked = Worlds.booked(snapshot, grant.claims(), List.of());
            assertThat(Choice.decide(ask.replacing(grant.claims()), booked)).isInstanceOf(Answer.Yes.class);
        }
    }

    @Example
    void a_request_that_only_a_mixture_of_sites_could_cover_is_refused() {
        var world = new World(2, List.of(4, 4, 4, 4), 0, 100, List.of(), List.of());
        var when = Worlds.hours(2, 5);
        var item = Item.of(Worlds.id(0), Need.Quantity.of(Capacities.of(Dimensions.VCPU, 9), when));
        var instances = Item.of(
                Worlds.id(0), new Need.Instances(Worlds.SMALL, 5, 5, Affinity.NONE, PropertyQuery.everything()));
        for (var one : List.of(item, instances)) {
            assertThat(decide(world, when, one)).isInstanceOf(Answer.No.class);
            assertThat(decide(world, when, one.within(Spread.SITE)) instanceof Answer.No)
                    .isEqualTo(one.equals(instances));
            assertThat(decide(world, when, one.within(Spread.ANYWHERE))).isInstanceOf(Answer.Yes.class);
        }
        var inTwoZonesOfOneSite = new World(1, List.of(4, 4, 4, 4), 0, 100, List.of(), List.of());
        assertThat(decide(inTwoZonesOfOneSite, when, item)).isInstanceOf(Answer.No.class);
        assertThat(decide(inTwoZonesOfOneSite, when, item.within(Spread.SITE))).isInstanceOf(Answer.Yes.class);
    }

    private static Answer<Grant> decide(World world, holdfast.core.Interval when, Item item) {
        return Choice.decide(Ask.of("mine", when, List.of(item)), world.snapshot());
    }

    @Example
    void a_refusal_names_the_wish_to_relax() {
        var world = new World(1, List.of(4, 4, 2, 2), 0, 100, List.of(), List.of());
        var when = Worlds.hours(2, 5);
        var together = new Need.Instances(Worlds.SMALL, 3, 3, Affinity.TOGETHER, PropertyQuery.everything());
        assertThat(wish(world, Item.of(Worlds.id(0), together))).isEqualTo("affinity");
        var three = new Need.Instances(Worlds.SMALL, 3, 3, Affinity.NONE, PropertyQuery.everything());
        assertThat(wish(world, Item.of(Worlds.id(0), three).in(List.of(Worlds.zone(1)))))
                .isEqualTo("zone");
        assertThat(wish(world, Item.of(Worlds.id(0), three).in(List.of("nowhere"))))
                .isEqualTo("zone");
        var elements = new Need.Elements(List.of(new Need.Element("image", false)));
        assertThat(wish(world, Item.of(Worlds.id(0), elements))).isEqualTo("element");
        var cores = Need.Quantity.of(Capacities.of(Dimensions.VCPU, 9), when);
        assertThat(wish(world, Item.of(Worlds.id(0), cores))).isEqualTo("capacity");
        var hosts = new Need.Hosts(5, 5, PropertyQuery.everything());
        assertThat(wish(world, Item.of(Worlds.id(0), hosts))).isEqualTo("placement");
    }

    /// As a peer does, which lends by quantities.
    @Example
    void where_no_hosts_are_shown_the_refusal_says_that_there_are_quantities() {
        var snapshot = new World(2, List.of(4, 4, 4, 4), 0, 100, List.of(), List.of()).snapshot();
        var peer = Worlds.account(1);
        var bare = snapshot.with(place -> !place.provider().equals(peer) || !(place.about() instanceof Place.Host));
        var when = Worlds.hours(2, 5);
        for (var need : List.of(
                new Need.Hosts(1, 1, PropertyQuery.everything()),
                new Need.Instances(Worlds.SMALL, 1, 1, Affinity.NONE, PropertyQuery.everything()))) {
            var item = Item.of(Worlds.id(0), need);
            assertThat(Choice.decide(Ask.of("mine", when, List.of(item)), bare)).isInstanceOf(Answer.Yes.class);
            assertThat(Choice.decide(Ask.of("mine", when, List.of(item.at(peer))), bare))
                    .isInstanceOfSatisfying(
                            Answer.No.class,
                            no -> assertThat(no.toString())
                                    .contains("shows its hosts", "only quantities can be reserved", "vcpu=8"));
        }
    }

    private static String wish(World world, Item item) {
        return decide(world, Worlds.hours(2, 5), item) instanceof Answer.No<Grant>(var why)
                ? why.wish().orElse("")
                : "none";
    }
}
