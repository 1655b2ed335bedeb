package holdfast.drivers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import holdfast.authority.Cloud;
import holdfast.authority.Cloud.Order;
import holdfast.authority.Driver.Key;
import holdfast.authority.Driver.Observed;
import holdfast.authority.Driver.Result;
import holdfast.authority.Driver.Spec;
import holdfast.core.CloudServer;
import holdfast.core.CloudSupply;
import holdfast.core.Wanted;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// What every driver of a cloud promises, tried on each: what is held, and whose things are whose.
public abstract class CloudContractTest {
    private static final int TRIES = 300;
    private static final UUID ITEM = UUID.fromString("5f0c1d4e-0002-4c1e-9d5a-00000000000a");
    private static final Key HELD = new Key("5f0c1d4e-0002-4c1e-9d5a-000000000001", "held");
    private static final Key ONE = new Key("5f0c1d4e-0002-4c1e-9d5a-000000000002", "server");
    private static final Key TWO = new Key("5f0c1d4e-0002-4c1e-9d5a-000000000003", "server");
    private static final Key THEIRS = new Key("5f0c1d4e-0002-4c1e-9d5a-000000000004", "server");

    /// A cloud with two hosts in a zone: `host` lets in everybody, `pool` only what is held there.
    ///
    /// @param project that `cloud` makes servers in
    /// @param address one of `outside`
    public record Site(
            String project,
            String zone,
            String host,
            String pool,
            String flavor,
            String image,
            List<String> networks,
            String outside,
            String address) {
        Wanted.Server server(String name) {
            return new Wanted.Server(name, flavor, image, networks, Optional.of(zone), Optional.empty(), Map.of());
        }

        Wanted.Server inside(String name, UUID item) {
            return new Wanted.Server(name, flavor, image, networks, Optional.of(zone), Optional.of(item), Map.of());
        }
    }

    /// Two drivers with different owners and one account.
    public interface Rig extends AutoCloseable {
        Cloud cloud();

        Cloud stranger();

        Site site();

        void letTimePass();

        @Override
        void close();
    }

    protected abstract Rig open(String story);

    @Test
    void a_host_that_is_held_is_for_its_servers_only_until_the_end() {
        try (var rig = open("hold-hosts")) {
            var site = rig.site();
            var before = supply(rig);
            var hold = new Wanted.Hosts(ITEM, site.project(), List.of(site.host()));
            done(rig, HELD, new Order.Held(hold, false));
            done(rig, HELD, new Order.Held(hold, false));
            assertThat(present(rig)).containsEntry("open", "false");
            done(rig, rig.stranger(), THEIRS, new Order.Server(site.server("squatter"), true));
            assertThat(hostOf(rig, "squatter")).contains(site.host());

            assertThat(rig.cloud().ensure(HELD, new Order.Held(hold, true)))
                    .isEqualTo(new Result.Later("waiting for the server squatter to leave " + site.host()));
            assertThat(present(rig)).containsEntry("open", "false");
            removed(rig, rig.stranger(), THEIRS);
            var facts = done(rig, HELD, new Order.Held(hold, true));
            assertThat(facts).containsKey("aggregate_id");
            assertThat(done(rig, HELD, new Order.Held(hold, true))).isEqualTo(facts);
            assertThat(present(rig)).containsEntry("open", "true");

            assertThat(failed(rig, rig.stranger(), THEIRS, new Order.Server(site.server("late"), true)))
                    .contains("No valid host was found");
            removed(rig, rig.stranger(), THEIRS);
            done(rig, ONE, new Order.Server(site.inside("inside", ITEM), true));
            assertThat(hostOf(rig, "inside")).contains(site.host());
            assertThat(done(rig, HELD, new Order.Held(hold, true))).isEqualTo(facts);
            assertThat(supply(rig)).isEqualTo(before);
            done(rig, rig.stranger(), THEIRS, new Order.Server(site.inside("guest", ITEM), true));
            assertThat(servers(rig))
                    .extracting(CloudServer::name, CloudServer::item)
                    .containsExactlyInAnyOrder(tuple("inside", Optional.empty()), tuple("guest", Optional.of(ITEM)));

            removed(rig, rig.cloud(), HELD);
            removed(rig, rig.cloud(), HELD);
            assertThat(rig.cloud().list()).isEmpty();
            assertThat(rig.cloud().observe(HELD)).isInstanceOf(Observed.Absent.class);
            assertThat(servers(rig)).isEmpty();
            assertThat(supply(rig)).isEqualTo(before);
            done(rig, rig.stranger(), THEIRS, new Order.Server(site.server("next"), true));
            assertThat(hostOf(rig, "next")).contains(site.host());
            removed(rig, rig.stranger(), THEIRS);
        }
    }

    @Test
    void another_host_is_held_instead_when_the_promise_changes() {
        try (var rig = open("hold-other-host")) {
            var site = rig.site();
            var first = new Wanted.Hosts(ITEM, site.project(), List.of(site.pool()));
            var second = new Wanted.Hosts(ITEM, site.project(), List.of(site.host()));
            done(rig, HELD, new Order.Held(first, true));
            done(rig, HELD, new Order.Held(second, true));
            done(rig, ONE, new Order.Server(site.inside("inside", ITEM), true));
            assertThat(hostOf(rig, "inside")).contains(site.host());
            var unknown = new Wanted.Hosts(ITEM, site.project(), List.of("nowhere"));
            assertThat(failed(rig, rig.cloud(), HELD, new Order.Held(unknown, true)))
                    .isEqualTo("there is no host nowhere");
            removed(rig, rig.cloud(), HELD);
            assertThat(rig.cloud().list()).isEmpty();
        }
    }

    @Test
    void as_many_servers_get_in_as_there_are_slots() {
        try (var rig = open("hold-slots")) {
            var site = rig.site();
            var before = supply(rig);
            var size = before.flavors().stream()
                    .filter(flavor -> flavor.id().equals(site.flavor()))
                    .findFirst()
                    .orElseThrow();
            var one = new Wanted.Slots(ITEM, site.project(), size, Map.of(site.pool(), 1), Optional.of(true));
            done(rig, HELD, new Order.Held(one, false));
            var facts = done(rig, HELD, new Order.Held(one, true));
            assertThat(facts)
                    .containsEntry("flavor_id", ITEM.toString())
                    .containsKeys("aggregate_id", "server_group_id");
            assertThat(done(rig, HELD, new Order.Held(one, true))).isEqualTo(facts);
            done(rig, ONE, new Order.Server(site.inside("first", ITEM), true));
            assertThat(hostOf(rig, "first")).contains(site.pool());
            assertThat(failed(rig, rig.cloud(), TWO, new Order.Server(site.inside("second", ITEM), true)))
                    .contains("No valid host was found");
            removed(rig, rig.cloud(), TWO);

            var two = new Wanted.Slots(ITEM, site.project(), size, Map.of(site.pool(), 2), Optional.of(true));
            assertThat(done(rig, HELD, new Order.Held(two, true))).isEqualTo(facts);
            done(rig, TWO, new Order.Server(site.inside("second", ITEM), true));
            assertThat(hostOf(rig, "second")).contains(site.pool());
            assertThat(supply(rig)).isEqualTo(before);
            removed(rig, rig.cloud(), HELD);
            assertThat(rig.cloud().list()).isEmpty();
            assertThat(supply(rig)).isEqualTo(before);
        }
    }

    @Test
    void an_address_is_held_for_one_at_a_time() {
        try (var rig = open("hold-addresses")) {
            var site = rig.site();
            var hold = new Wanted.Addresses(ITEM, site.project(), site.outside(), List.of(site.address()));
            done(rig, HELD, new Order.Held(hold, false));
            var facts = done(rig, HELD, new Order.Held(hold, true));
            assertThat(facts).containsEntry("addresses", site.address());
            assertThat(done(rig, HELD, new Order.Held(hold, true))).isEqualTo(facts);
            var again = new Wanted.Addresses(new UUID(1, 1), site.project(), site.outside(), hold.addresses());
            assertThat(rig.cloud().ensure(ONE, new Order.Held(again, true)))
                    .isEqualTo(new Result.Later("waiting for the address " + site.address() + ", which somebody has"));
            removed(rig, rig.cloud(), ONE);
            removed(rig, rig.cloud(), HELD);
            assertThat(rig.cloud().list()).isEmpty();
        }
    }

    @Test
    void what_another_owner_holds_and_runs_with_the_same_account_is_left_alone() {
        try (var rig = open("hold-strangers")) {
            var site = rig.site();
            var hold = new Wanted.Hosts(ITEM, site.project(), List.of(site.pool()));
            done(rig, rig.stranger(), HELD, new Order.Held(hold, true));
            done(rig, rig.stranger(), THEIRS, new Order.Server(site.server("theirs"), true));
            var mine = new Wanted.Hosts(new UUID(1, 1), site.project(), List.of(site.pool()));
            assertThat(rig.cloud().ensure(ONE, new Order.Held(mine, true)))
                    .isEqualTo(new Result.Later("waiting for " + site.pool() + ", which " + ITEM + " still holds"));
            removed(rig, rig.cloud(), ONE);

            assertThat(rig.cloud().list()).isEmpty();
            assertThat(servers(rig)).extracting(CloudServer::mark).containsExactly(Optional.empty());
            for (var key : List.of(HELD, THEIRS)) {
                assertThat(rig.cloud().observe(key)).isInstanceOf(Observed.Absent.class);
                removed(rig, rig.cloud(), key);
            }
            assertThat(rig.stranger().list()).containsExactlyInAnyOrder(HELD, THEIRS);
            removed(rig, rig.stranger(), THEIRS);
            removed(rig, rig.stranger(), HELD);
            assertThat(rig.stranger().list()).isEmpty();
        }
    }

    private static CloudSupply supply(Rig rig) {
        return seen(rig.cloud().discover());
    }

    private static List<CloudServer> servers(Rig rig) {
        return seen(rig.cloud().servers());
    }

    private static <T> T seen(Cloud.Look<T> look) {
        assertThat(look).isInstanceOf(Cloud.Look.Seen.class);
        return ((Cloud.Look.Seen<T>) look).what();
    }

    private static Optional<String> hostOf(Rig rig, String server) {
        return servers(rig).stream()
                .filter(one -> one.name().equals(server))
                .findFirst()
                .orElseThrow()
                .host();
    }

    private static Map<String, String> present(Rig rig) {
        assertThat(rig.cloud().list()).contains(HELD);
        var observed = rig.cloud().observe(HELD);
        assertThat(observed).isInstanceOf(Observed.Present.class);
        return ((Observed.Present) observed).facts();
    }

    private static Map<String, String> done(Rig rig, Key key, Spec spec) {
        return done(rig, rig.cloud(), key, spec);
    }

    private static Map<String, String> done(Rig rig, Cloud who, Key key, Spec spec) {
        return finish(rig, () -> who.ensure(key, spec));
    }

    private static void removed(Rig rig, Cloud who, Key key) {
        finish(rig, () -> who.remove(key));
    }

    private static Map<String, String> finish(Rig rig, Supplier<Result> verb) {
        var waited = new ArrayList<String>();
        for (int n = 0; n < TRIES; n++) {
            switch (verb.get()) {
                case Result.Done(var facts) -> {
                    return facts;
                }
                case Result.Later(var why, var _) -> waited.add(why);
                case Result.Failed(var why) -> throw new AssertionError("failed: " + why + ", after " + waited);
            }
            rig.letTimePass();
        }
        throw new AssertionError("never done; waited for " + waited);
    }

    private static String failed(Rig rig, Cloud who, Key key, Spec spec) {
        for (int n = 0; n < TRIES; n++) {
            switch (who.ensure(key, spec)) {
                case Result.Failed(var why) -> {
                    return why;
                }
                case Result.Later _ -> rig.letTimePass();
                case Result.Done _ -> throw new AssertionError("done, and should have failed");
            }
        }
        throw new AssertionError("never failed");
    }
}
