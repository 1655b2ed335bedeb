package holdfast.broker.market;

import static holdfast.protocol.rear.Samples.quantity;
import static holdfast.protocol.rear.Samples.vector;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.calendar.Calendar;
import holdfast.core.Answer;
import holdfast.engine.Engine;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.rear.Attribute;
import holdfast.protocol.rear.Carbon;
import holdfast.protocol.rear.Configuration;
import holdfast.protocol.rear.Dimension;
import holdfast.protocol.rear.Filter;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.FlavorType;
import holdfast.protocol.rear.K8Slice;
import holdfast.protocol.rear.Kind;
import holdfast.protocol.rear.Location;
import holdfast.protocol.rear.NodeIdentity;
import holdfast.protocol.rear.Policy;
import holdfast.protocol.rear.Price;
import holdfast.protocol.rear.Properties;
import holdfast.protocol.rear.Samples;
import holdfast.protocol.rear.Selector;
import holdfast.protocol.rear.Vector;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What is listed and under which names, as the database finds it (fluidos.md 3.8, 6.1).
final class ListedTest {
    private static final Duration DAY = Duration.ofDays(1);

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    private Instant now = Samples.BEGINNING;
    private final Platform platform = Platform.seeded(1, () -> now);
    private final Engine engine = new Engine(platform, test.database());
    private final Market market = market(engine);

    private Market market(Engine some) {
        return new Market("broker", platform, some, new Calendar(), () -> HoldPolicy.USUAL);
    }

    private <T> T run(Function<Tx, T> work) {
        return test.database().inTransaction(work);
    }

    private UUID offer(Flavor flavor) {
        var id = UUID.randomUUID();
        run(tx -> market.offer(tx, id, new Offer(flavor, now, Optional.empty()), "operators", "admin"));
        return id;
    }

    private String listed(UUID root) {
        return Optional.ofNullable(run(tx -> market.listed(tx, List.of(root))).get(root))
                .map(Flavor::id)
                .orElse("nothing");
    }

    private Verdict reserve(Market seller, String name, String buyer, Vector amounts) {
        return run(tx -> seller.sales().reserve(tx, buyer(buyer), wish(name, amounts)));
    }

    private static Sales.Wish wish(String name, Vector amounts) {
        return new Sales.Wish(name, Optional.of(new Configuration.Slice(amounts)), Optional.empty());
    }

    private static Buyer buyer(String name) {
        return new Buyer(new NodeIdentity(name, "10.0.0.7:30000", name + ".example", Optional.empty()), name, "fabric");
    }

    private static Flavor flavor(Random random, int n) {
        var sample = Samples.flavor("root-" + n, kind(random));
        var price = List.of("0.40", "0.4", "12", "call us", "0.05").get(random.nextInt(5));
        return new Flavor(
                sample.id(),
                sample.provider(),
                sample.owner(),
                sample.kind(),
                random.nextInt(4) == 0
                        ? Optional.empty()
                        : Optional.of(new Price(
                                price, "EUR", List.of("hour", "day", "eon").get(random.nextInt(3)))),
                true,
                sample.network(),
                new Location("", "", List.of("Italy", "France", "").get(random.nextInt(3)), "Turin", ""),
                sample.since(),
                Map.of());
    }

    private static Kind kind(Random random) {
        var properties = new Properties(
                random.nextInt(3) * 10,
                List.of("GDPR", "ISO 27001").subList(0, random.nextInt(3)),
                random.nextBoolean()
                        ? Optional.empty()
                        : Optional.of(new Carbon(1, random.nextBoolean() ? List.of() : List.of(280L))),
                List.of(),
                List.of(),
                Map.of());
        var amounts = vector(random.nextInt(1, 5) * 500 + "m", random.nextInt(1, 5) + "Gi", "10");
        return switch (random.nextInt(5)) {
            case 0 -> Samples.vm();
            case 1 -> Samples.service();
            case 2 -> Samples.sensor();
            default ->
                new K8Slice(
                        random.nextBoolean() ? "arm64" : "amd64",
                        random.nextBoolean() ? amounts : amounts.with(Dimension.STORAGE, quantity("1536Mi")),
                        random.nextBoolean() ? Optional.empty() : Optional.of("RTX"),
                        properties,
                        Policy.FREE);
        };
    }

    private static Answer<Filter> filter(Attribute attribute, Random random) {
        if (attribute.form() == Attribute.Form.TEXT) {
            var word = List.of("amd64", "Italy", "Turin", "GDPR", "RTX", "", "database", "x".repeat(300))
                    .get(random.nextInt(8));
            return random.nextInt(3) == 0 ? Filter.regex(attribute, "^[a-r]") : Filter.match(attribute, word);
        }
        var amounts = List.of("0", "1", "1500m", "2Gi", "2147483648", "1536Mi", "10", "0.4", "280", "0.05");
        var one = amounts.get(random.nextInt(10));
        return switch (random.nextInt(3)) {
            case 0 -> Filter.match(attribute, one);
            case 1 -> Filter.range(attribute, Optional.of(one), Optional.empty());
            default -> Filter.range(attribute, Optional.empty(), Optional.of(one));
        };
    }

    private static Selector selector(Random random) {
        var type = List.of(FlavorType.values()).get(random.nextInt(2) == 0 ? 0 : random.nextInt(4));
        var filters = new ArrayList<Filter>();
        for (var attribute : Attribute.values()) {
            if (attribute.isOf(type) && random.nextInt(10) == 0) {
                filters.add(filter(attribute, random).orThrow());
            }
        }
        return Selector.of(type, filters).orThrow();
    }

    @Test
    void the_database_finds_exactly_what_a_selector_matches() {
        var random = new Random(7);
        for (int n = 0; n < 80; n++) offer(flavor(random, n));
        var all = run(tx -> market.list(tx, Optional.empty()));
        assertThat(all).hasSize(80);
        int found = 0;
        for (int i = 0; i < 200; i++) {
            var selector = selector(random);
            var matching = run(tx -> market.list(tx, Optional.of(selector)));
            assertThat(matching)
                    .as(selector.toString())
                    .isEqualTo(all.stream().filter(selector::matches).toList());
            if (!matching.isEmpty() && matching.size() < 30) found++;
        }
        assertThat(found).as("selectors that find some and not all").isGreaterThan(20);
    }

    @Test
    void what_was_listed_before_its_columns_were_is_found_all_the_same() {
        var name = listed(offer(Samples.flavor("root", Samples.slice())));
        run(tx -> tx.sql().execute("update listing set kind = null, cpu = null, words = null, amounts = null"));
        var wanted = Selector.of(
                FlavorType.K8SLICE, List.of(Filter.match(Attribute.CPU, "8").orThrow()));
        var found = run(tx -> market.list(tx, Optional.of(wanted.orThrow())));
        assertThat(found).extracting(Flavor::id).containsExactly(name);
    }

    @Test
    void a_name_leads_to_its_root_for_a_day_and_for_as_long_as_something_is_held_by_it() {
        var root = offer(Samples.flavor("root", Samples.slice()));
        var first = listed(root);
        reserve(market, first, "ada", vector("1", "2Gi", "5"));
        var bobs = reserve(market, listed(root), "bob", vector("1", "2Gi", "5"));
        var third = listed(root);
        cancel("bob", bobs);
        now = now.plus(DAY).minusSeconds(1);
        assertThat(forgotten()).isZero();
        assertThat(leads(third)).isTrue();
        now = now.plusSeconds(2);
        assertThat(forgotten()).as("ada holds something by the first").isEqualTo(1);
        assertThat(leads(first)).isTrue();
        assertThat(leads(third)).isFalse();
        assertThat(reserve(market, third, "fay", vector("1", "2Gi", "5"))).isInstanceOf(Verdict.Gone.class);
    }

    private boolean leads(String name) {
        return run(tx -> market.find(tx, name)).isPresent();
    }

    private void cancel(String buyer, Verdict held) {
        var transaction = ((Verdict.Held) held).claim().transaction();
        run(tx -> market.sales()
                .cancel(
                        tx,
                        buyer(buyer),
                        engine.resources().find(tx, transaction).orElseThrow().name())
                .orThrow());
    }

    private int forgotten() {
        return run(tx -> new RootRows(platform, engine.resources()).forget(tx, now, 100));
    }

    @Test
    void of_what_is_withdrawn_no_name_leads_anywhere_any_more() {
        var root = offer(Samples.flavor("root", Samples.slice()));
        var names = new ArrayList<String>();
        for (var buyer : List.of("ada", "bob", "cyd")) {
            names.add(listed(root));
            reserve(market, listed(root), buyer, vector("1", "2Gi", "5"));
        }
        run(tx -> market.withdraw(tx, root, "admin").orThrow());
        for (var name : names) {
            assertThat(reserve(market, name, "dan", vector("1", "2Gi", "5"))).isInstanceOf(Verdict.Gone.class);
            assertThat(run(tx -> market.find(tx, name)).orElseThrow().state()).isEqualTo(Listing.State.WITHDRAWN);
        }
    }
}
