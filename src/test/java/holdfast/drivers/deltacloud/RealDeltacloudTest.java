package holdfast.drivers.deltacloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import holdfast.authority.Cloud.Look;
import holdfast.authority.Cloud.Order;
import holdfast.authority.Cloud.Order.Instance.Way;
import holdfast.authority.CloudThings.Blob;
import holdfast.authority.CloudThings.Kind;
import holdfast.authority.CloudThings.Thing;
import holdfast.authority.CloudThings.Told;
import holdfast.authority.CloudThings.Wish;
import holdfast.authority.Driver.Key;
import holdfast.authority.Driver.Observed;
import holdfast.authority.Driver.Result;
import holdfast.core.CloudSupply;
import holdfast.core.Wanted;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The driver and an Apache Deltacloud whose driver is `mock`, at the address in `HOLDFAST_DELTACLOUD`, such as
/// `http://127.0.0.1:3001/api`. Skipped without it.
final class RealDeltacloudTest {
    private static final Optional<String> URL = Optional.ofNullable(System.getenv("HOLDFAST_DELTACLOUD"));
    private final Key vm = new Key(UUID.randomUUID().toString(), "server");
    private final Key opener = new Key(vm.lease(), "key");

    @AutoClose
    private final Deltacloud driver = open(MockDeltacloud.PASSWORD);

    @BeforeAll
    static void is_there() {
        if (URL.isEmpty())
            System.out.println("SKIPPED: no Deltacloud server; set HOLDFAST_DELTACLOUD to its entry point");
        assumeTrue(URL.isPresent());
    }

    private static Deltacloud open(String password) {
        var account = new Account(
                URI.create(URL.orElse("http://127.0.0.1:1/api")),
                "mock",
                Optional.empty(),
                MockDeltacloud.USER,
                password,
                Optional.empty(),
                false);
        return new Deltacloud(new UUID(1, 2), account, Limits.STANDARD, InstantSource.system());
    }

    private static Map<String, String> done(Supplier<Result> verb) throws InterruptedException {
        for (int n = 0; n < 50; n++) {
            switch (verb.get()) {
                case Result.Done(var facts) -> {
                    return facts;
                }
                case Result.Later _ -> Thread.sleep(200);
                case Result.Failed(var why) -> throw new AssertionError(why);
            }
        }
        throw new AssertionError("never done");
    }

    private static <T> T done(Told<T> told) {
        assertThat(told).isInstanceOf(Told.Done.class);
        return ((Told.Done<T>) told).what();
    }

    @Test
    void an_account_is_tried_and_shows_what_it_has() {
        assertThat(driver.greet()).isInstanceOf(Look.Seen.class);
        try (var wrong = open("wrong")) {
            assertThat(wrong.discover()).isInstanceOf(Look.Denied.class);
        }
        var supply = ((Look.Seen<CloudSupply>) driver.discover()).what();
        assertThat(supply.profiles()).extracting(one -> one.id()).contains("m1-small", "m1-xlarge", "opaque");
        assertThat(supply.realms()).extracting(CloudSupply.Realm::id).contains("us", "eu");
        assertThat(supply.images()).extracting(CloudSupply.Image::id).contains("img1");
    }

    @Test
    void an_instance_is_made_restarted_stopped_started_and_removed() throws Exception {
        var key = done(() -> driver.ensure(opener, new Order.Opener("web", false)))
                .get("name");
        var wanted = new Wanted.Instance(
                "web",
                "m1-large",
                Map.of("memory", "7680"),
                "img1",
                Optional.of("us"),
                Optional.of(key),
                Optional.empty(),
                Map.of(),
                true,
                0);
        var facts = done(() -> driver.ensure(vm, new Order.Instance(wanted, Way.MAKE)));
        assertThat(facts).containsEntry("status", "RUNNING").containsEntry("realm", "us");
        assertThat(driver.list()).contains(vm, opener);
        done(() -> driver.ensure(vm, new Order.Instance(wanted, Way.REBOOT)));
        done(() -> driver.ensure(vm, new Order.Instance(wanted.switched(false), Way.SWITCH)));
        done(() -> driver.ensure(vm, new Order.Instance(wanted, Way.SWITCH)));
        done(() -> driver.remove(vm));
        done(() -> driver.remove(opener));
        assertThat(driver.observe(vm)).isInstanceOf(Observed.Absent.class);
        assertThat(driver.list()).doesNotContain(vm, opener);
    }

    @Test
    void volumes_and_blobs_can_be_had() {
        var things = driver.things().orElseThrow();
        for (var kind : done(things.offered()).keySet()) {
            if (kind != Kind.METRIC)
                assertThat(things.list(kind)).as(kind.name()).isInstanceOf(Told.Done.class);
        }
        var wish = new Wish.Volume(
                Optional.of("2"), Optional.empty(), Optional.empty(), Optional.of("d"), Optional.empty());
        var volume = (Thing.Volume) done(things.create(wish));
        assertThat(volume.capacity()).contains("2");
        done(things.remove(Kind.VOLUME, volume.id()));
        var name = "b" + System.nanoTime();
        done(things.create(new Wish.Bucket(name, Optional.empty())));
        var blob = new Blob(name, "k", "text/plain", Optional.empty(), Optional.empty(), Map.of("colour", "red"));
        done(things.store(blob, 3, new ByteArrayInputStream(new byte[] {1, 2, 3})));
        assertThat(done(things.blob(name, "k")).metadata()).containsEntry("colour", "red");
        done(things.removeBlob(name, "k"));
        done(things.remove(Kind.BUCKET, name));
    }
}
