package holdfast.drivers.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.authority.Cloud.Look;
import holdfast.authority.Cloud.Order;
import holdfast.authority.Cloud.Order.Instance.Way;
import holdfast.authority.Driver.Key;
import holdfast.authority.Driver.Observed;
import holdfast.authority.Driver.Result;
import holdfast.core.CloudServer;
import holdfast.core.CloudSupply;
import holdfast.core.Wanted;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Machines of this host as an account of pools, with real guests.
@Timeout(300)
class QemuCloudTest {
    private static final Key VM = new Key("7a0c1d4e-0002-4c1e-9d5a-000000000001", "server");
    private static final Wanted.Instance WEB = web("tiny", Map.of());

    @TempDir
    Path data;

    private Optional<QemuCloud> open = Optional.empty();

    private static Wanted.Instance web(String image, Map<String, String> sizes) {
        return new Wanted.Instance(
                "web",
                "guest",
                sizes,
                image,
                Optional.of("local"),
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                true,
                0);
    }

    @BeforeEach
    void open() throws IOException {
        var ready = RealGuests.substrate();
        open = Optional.of(cloud(() -> ready));
    }

    private QemuCloud cloud(Supplier<Substrate> substrate) {
        return new QemuCloud(data.resolve("account"), substrate, QemuSettings.TRIAL, InstantSource.system());
    }

    @AfterEach
    void nothing_is_left_behind() {
        open.ifPresent(cloud -> cloud.list().forEach(key -> finish(() -> cloud.remove(key))));
    }

    private QemuCloud cloud() {
        return open.orElseThrow();
    }

    private Map<String, String> done(Wanted.Instance wanted, Way way) {
        return finish(() -> cloud().ensure(VM, new Order.Instance(wanted, way)));
    }

    private static Map<String, String> finish(Supplier<Result> verb) {
        for (int n = 0; n < 100; n++) {
            switch (verb.get()) {
                case Result.Done(var facts) -> {
                    return facts;
                }
                case Result.Later _ -> {} // it has waited by itself
                case Result.Failed(var why) -> throw new AssertionError(why);
            }
        }
        throw new AssertionError("never done");
    }

    private String refused(Wanted.Instance wanted) {
        var result = cloud().ensure(VM, new Order.Instance(wanted, Way.MAKE));
        assertThat(result).isInstanceOf(Result.Failed.class);
        return ((Result.Failed) result).why();
    }

    private List<CloudServer> servers() {
        var look = cloud().servers();
        assertThat(look).isInstanceOf(Look.Seen.class);
        return ((Look.Seen<List<CloudServer>>) look).what();
    }

    @Test
    void an_instance_boots_stops_starts_is_restarted_and_goes() throws IOException {
        var made = done(WEB, Way.MAKE);
        assertThat(made).containsEntry("status", "RUNNING").containsEntry("id", VM.lease());
        assertThat(done(WEB, Way.MAKE)).isEqualTo(made);
        assertThat(servers())
                .singleElement()
                .satisfies(server -> assertThat(server.mark()).contains(VM.lease() + "/server"))
                .satisfies(server -> assertThat(server.takes()).containsEntry("memory_mb", 96L));

        assertThat(done(WEB.switched(false), Way.SWITCH)).containsEntry("status", "STOPPED");
        assertThat(servers()).extracting(CloudServer::status).containsExactly("STOPPED");
        assertThat(cloud().observe(VM))
                .isInstanceOfSatisfying(
                        Observed.Present.class,
                        seen -> assertThat(seen.healthy()).isTrue());
        assertThat(done(WEB, Way.SWITCH)).containsEntry("status", "RUNNING").containsEntry("starts", "2");
        var ready = RealGuests.substrate();
        open = Optional.of(cloud(() -> ready)); // one that knows nothing of before
        var again = done(WEB.rebooted(), Way.REBOOT);
        assertThat(again).containsEntry("status", "RUNNING").containsEntry("starts", "3");
        assertThat(again.get("pid")).isNotEqualTo(made.get("pid"));

        var qemu = ProcessHandle.of(Long.parseLong(again.get("pid"))).orElseThrow();
        qemu.destroyForcibly();
        qemu.onExit().join();
        assertThat(servers()).extracting(CloudServer::status).containsExactly("STOPPED");
        finish(() -> cloud().remove(VM));
        assertThat(cloud().list()).isEmpty();
        assertThat(cloud().observe(VM)).isInstanceOf(Observed.Absent.class);
        assertThat(cloud().ensure(VM, new Order.Instance(WEB, Way.SWITCH)))
                .isEqualTo(new Result.Failed("the instance is gone at the provider"));
    }

    @Test
    void the_account_says_what_guests_may_have_and_refuses_the_rest() {
        var supply = ((Look.Seen<CloudSupply>) cloud().discover()).what();
        assertThat(supply.limits()).containsEntry("instance", 16L);
        assertThat(supply.images()).extracting(CloudSupply.Image::id).containsExactly("tiny");
        assertThat(supply.realms()).extracting(CloudSupply.Realm::id).containsExactly("local");
        assertThat(refused(web("rocky", Map.of()))).isEqualTo("there is no image rocky");
        assertThat(refused(web("tiny", Map.of("memory", "4096"))))
                .isEqualTo("a guest has 80 to 96 MiB and 1 to 1 processors, not 4096 and 1");
        assertThat(refused(WEB.opened(Optional.of("mine")))).contains("no keys");
        assertThat(cloud().list()).isEmpty();
        assertThat(data.resolve("account/machines")).isEmptyDirectory();
    }

    @Test
    void where_no_guest_runs_the_account_is_away_and_says_what_would_help() {
        var none = cloud(() -> new Substrate.Unusable(List.of("there is no QEMU"), "install it"));
        assertThat(none.discover())
                .isEqualTo(
                        new Look.Away<>("no guests run on this host: there is no QEMU; install it", Optional.empty()));
        assertThat(none.ensure(VM, new Order.Instance(WEB, Way.MAKE))).isInstanceOf(Result.Failed.class);
        assertThat(none.list()).isEmpty();
        assertThat(none.remove(VM)).isEqualTo(new Result.Done(Map.of()));
    }
}
