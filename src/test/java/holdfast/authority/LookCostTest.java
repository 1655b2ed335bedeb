package holdfast.authority;

import static holdfast.authority.BehindDeltacloud.account;
import static holdfast.authority.BehindDeltacloud.lab;
import static holdfast.authority.BehindDeltacloud.web;
import static holdfast.db.Tables.RESOURCE;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.Statements;
import holdfast.TestDatabase;
import holdfast.drivers.deltacloud.MockDeltacloud;
import holdfast.engine.Resource;
import java.math.BigInteger;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What a look at an account of a cloud behind a Deltacloud server costs, however many instances it has.
final class LookCostTest {
    private static final int MANY = 40;

    @AutoClose
    private final TestDatabase db = TestDatabase.fresh();

    @AutoClose
    private final MockDeltacloud mock = new MockDeltacloud("mock");

    private final CloudLab lab = lab(db);
    private final Resource provider = account(lab, mock);

    private void instance() {
        lab.provide(provider, lab.lasting(Duration.ofDays(1)), web());
        lab.settleFor(Duration.ofSeconds(20), Duration.ofSeconds(1));
    }

    private void look() {
        lab.look(
                tx -> lab.clouds.providers().refresh(tx, provider.id(), "admin").orThrow());
        lab.settle();
    }

    /// Many more that are like the first, in our records and at the cloud.
    private void copies() {
        lab.look(tx -> tx.sql().execute("""
                        insert into resource select (jsonb_populate_record(r, jsonb_build_object('id', gen_random_uuid(),
                            'number', nextval(pg_get_serial_sequence('resource', 'number'))))).*
                        from resource r, generate_series(1, ?) where r.type = 'lease'""", MANY));
        var first = mock.instances.values().iterator().next();
        for (var lease : leases().keySet()) {
            var number = new BigInteger(lease.toString().replace("-", ""), 16).toString(36);
            var mark = provider.id().toString().substring(0, 6) + "0".repeat(25 - number.length()) + number;
            if (!first.form.getOrDefault("name", "").endsWith(mark)) {
                var copy = new HashMap<>(first.form);
                copy.put("name", "web-" + mark);
                mock.add(copy, first.state);
            }
        }
    }

    /// Versions by id.
    private Map<UUID, Long> leases() {
        List<Resource> all = lab.look(tx -> lab.engine.resources().list(tx, RESOURCE.TYPE.eq(Authority.LEASE), 1_000));
        return all.stream().collect(Collectors.toMap(Resource::id, Resource::version));
    }

    private long lists() {
        return mock.lines().stream().filter("GET /api/instances"::equals).count();
    }

    @Test
    void the_cloud_is_asked_once_and_the_database_as_often_for_many_instances_as_for_one() {
        instance();
        look();
        long before = lists();
        long one = Statements.here(this::look);
        assertThat(lists()).isEqualTo(before + 1);
        assertThat(one).isPositive();
        copies();
        look();
        var known = leases();
        assertThat(known).hasSize(MANY + 1);
        assertThat(Statements.here(this::look)).isEqualTo(one);
        assertThat(leases()).as("nothing has changed, so nothing is written").isEqualTo(known);
    }

    @Test
    void no_more_is_written_than_what_has_changed() {
        instance();
        copies();
        look();
        var known = leases();
        mock.instances.values().stream().limit(3).forEach(one -> one.state = "STOPPED");
        look();
        var now = leases();
        assertThat(known.keySet().stream().filter(id -> !known.get(id).equals(now.get(id))))
                .hasSize(3);
        assertThat(lab.look(tx -> lab.engine.resources().find(tx, provider.id()))
                        .orElseThrow()
                        .as(Provider.class)
                        .astray()
                        .missing())
                .isEmpty();
    }
}
