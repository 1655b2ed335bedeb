package holdfast.drivers;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.authority.Cloud;
import holdfast.authority.Cloud.Look;
import holdfast.authority.Cloud.Order;
import holdfast.authority.Cloud.Order.Instance.Way;
import holdfast.authority.Driver.Key;
import holdfast.authority.Driver.Observed;
import holdfast.authority.Driver.Result;
import holdfast.core.CloudServer;
import holdfast.core.CloudSupply;
import holdfast.core.Wanted;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// What every driver promises of instances that are chosen among many clouds, tried on each that stops them.
public abstract class InstanceContractTest {
    private static final int TRIES = 100;
    private static final Key VM = new Key("5f0c1d4e-0003-4c1e-9d5a-000000000001", "server");
    private static final Key OPENER = new Key(VM.lease(), "key");

    /// @param profile one of its sizes
    /// @param image one of its images
    public record Site(Cloud cloud, String profile, String image) {}

    protected abstract Site site();

    protected abstract void pass(Duration time);

    private Wanted.Instance wanted() {
        return new Wanted.Instance(
                "web",
                site().profile(),
                Map.of(),
                site().image(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                true,
                0);
    }

    private Result ended(Supplier<Result> verb) {
        for (int n = 0; n < TRIES; n++) {
            var result = verb.get();
            if (!(result instanceof Result.Later)) return result;
            pass(Duration.ofSeconds(2));
        }
        throw new AssertionError("never ended");
    }

    private Result ensure(Wanted.Instance wanted, Way way) {
        return ended(() -> site().cloud().ensure(VM, new Order.Instance(wanted, way)));
    }

    private Map<String, String> done(Wanted.Instance wanted, Way way) {
        var result = ensure(wanted, way);
        assertThat(result).isInstanceOf(Result.Done.class);
        return ((Result.Done) result).facts();
    }

    private List<CloudServer> servers() {
        return ((Look.Seen<List<CloudServer>>) site().cloud().servers()).what();
    }

    @Test
    void an_instance_is_made_once_switched_restarted_and_removed() {
        var facts = done(wanted(), Way.MAKE);
        assertThat(facts).containsKeys("id", "status");
        assertThat(done(wanted(), Way.MAKE)).containsEntry("id", facts.get("id"));
        assertThat(servers()).extracting(CloudServer::mark).containsExactly(Optional.of(VM.lease() + "/server"));
        assertThat(done(wanted().switched(false), Way.SWITCH).get("status")).isNotEqualTo(facts.get("status"));
        assertThat(site().cloud().observe(VM))
                .as("what is stopped is well")
                .isInstanceOfSatisfying(
                        Observed.Present.class,
                        there -> assertThat(there.healthy()).isTrue());
        assertThat(done(wanted(), Way.SWITCH)).containsEntry("status", facts.get("status"));
        assertThat(done(wanted().rebooted(), Way.REBOOT)).containsEntry("id", facts.get("id"));
        assertThat(ended(() -> site().cloud().remove(VM))).isInstanceOf(Result.Done.class);
        assertThat(servers()).isEmpty();
    }

    @Test
    void a_key_is_put_there_for_an_instance_and_taken_away_with_it() {
        var order = new Order.Opener("web", false, Optional.of("ssh-ed25519 AAAA me"));
        var first = (Result.Done) ended(() -> site().cloud().ensure(OPENER, order));
        var again = (Result.Done) ended(() -> site().cloud().ensure(OPENER, order));
        var name = again.facts().get("name");
        assertThat(first.facts()).containsKey("name").doesNotContainKey("pem");
        assertThat(site().cloud().list()).as("once").containsExactly(OPENER);
        assertThat(site().cloud().observe(OPENER)).isInstanceOf(Observed.Present.class);
        done(wanted().opened(Optional.ofNullable(name)), Way.MAKE);
        for (var key : List.of(VM, OPENER))
            assertThat(ended(() -> site().cloud().remove(key))).isInstanceOf(Result.Done.class);
        assertThat(site().cloud().list()).isEmpty();
        assertThat(site().cloud().observe(OPENER)).isInstanceOf(Observed.Absent.class);
    }

    @Test
    void a_switch_never_makes_one() {
        assertThat(ensure(wanted(), Way.SWITCH)).isEqualTo(new Result.Failed("the instance is gone at the provider"));
        assertThat(done(wanted().switched(false), Way.SWITCH)).containsEntry("status", "STOPPED");
        assertThat(servers()).isEmpty();
    }

    @Test
    void sizes_and_realms_are_told_before_there_is_anything() {
        var supply = ((Look.Seen<CloudSupply>) site().cloud().discover()).what();
        assertThat(supply.profiles()).extracting(one -> one.id()).contains(site().profile());
        assertThat(supply.realms()).isNotEmpty();
        assertThat(site().cloud().greet()).isInstanceOf(Look.Seen.class);
    }
}
