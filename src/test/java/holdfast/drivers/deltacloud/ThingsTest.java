package holdfast.drivers.deltacloud;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.authority.CloudThings;
import holdfast.authority.CloudThings.Blob;
import holdfast.authority.CloudThings.Change;
import holdfast.authority.CloudThings.Kind;
import holdfast.authority.CloudThings.Listener;
import holdfast.authority.CloudThings.Rule;
import holdfast.authority.CloudThings.Source;
import holdfast.authority.CloudThings.Thing;
import holdfast.authority.CloudThings.Told;
import holdfast.authority.CloudThings.Wish;
import holdfast.drivers.deltacloud.MockDeltacloud.Fault;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

final class ThingsTest {
    @AutoClose
    private final DeltacloudRig rig = new DeltacloudRig("mock");

    private final CloudThings things = rig.driver.things().orElseThrow();

    private static <T> T done(Told<T> told) {
        assertThat(told).isInstanceOf(Told.Done.class);
        return ((Told.Done<T>) told).what();
    }

    @Test
    void a_volume_is_made_attached_detached_and_removed() {
        assertThat(done(things.offered()))
                .containsKeys(Kind.VOLUME, Kind.BUCKET)
                .doesNotContainKey(Kind.INTERFACE);
        var wish = new Wish.Volume(
                Optional.of("5"), Optional.empty(), Optional.of("us"), Optional.of("disk"), Optional.empty());
        var volume = (Thing.Volume) done(things.create(wish));
        assertThat(volume.capacity()).contains("5");
        assertThat(rig.mock.log.getLast()).endsWith("\ncapacity=5&realm_id=us&name=disk\n");
        var attached = (Thing.Volume) done(things.change(new Change.Attach(volume.id(), "inst1", "/dev/sdb")))
                .orElseThrow();
        assertThat(attached.state()).isEqualTo("IN-USE");
        assertThat(attached.instance()).contains("inst1");
        assertThat(attached.device()).contains("/dev/sdb");
        assertThat(things.remove(Kind.VOLUME, volume.id())).isEqualTo(new Told.Refused<>("it is attached", true));
        done(things.change(new Change.Detach(volume.id(), Optional.of("inst1"), Optional.empty())));
        assertThat(done(things.list(Kind.VOLUME))).extracting(Thing::id).containsExactly("vol1");
        done(things.remove(Kind.VOLUME, volume.id()));
        assertThat(things.remove(Kind.VOLUME, volume.id())).isInstanceOf(Told.Gone.class);
        assertThat(things.find(Kind.VOLUME, volume.id())).isInstanceOf(Told.Gone.class);
    }

    @Test
    void a_call_ends_in_one_of_five_ways() {
        assertThat(things.list(Kind.SNAPSHOT)).isEqualTo(new Told.Unsupported<>("no snapshots in this cloud"));
        assertThat(things.list(Kind.INTERFACE))
                .isEqualTo(new Told.Unsupported<>("the cloud offers no network interfaces"));
        assertThat(things.find(Kind.FIREWALL, "nothing"))
                .isEqualTo(new Told.Refused<>("there is no firewall of that name", false));
        rig.mock.fail("POST storage_volumes", Fault.LOST, Fault.DENIED);
        var wish = new Wish.Volume(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        assertThat(((Told.Away<Thing>) things.create(wish)).unsure()).isTrue();
        assertThat(things.create(wish)).isEqualTo(new Told.Away<>("Authentication failed", false));
        rig.mock.fail("GET storage_volumes", Fault.CUT);
        assertThat(((Told.Away<List<Thing>>) things.list(Kind.VOLUME)).unsure()).isFalse();
    }

    @Test
    void a_name_that_is_taken_at_the_provider_is_a_clash_and_not_an_account_that_is_away() {
        rig.mock.oneOfAName = true;
        done(things.create(new Wish.Key("k1", Optional.empty())));
        assertThat(things.create(new Wish.Key("k1", Optional.empty())))
                .isEqualTo(new Told.Refused<>("Key with same name already exists", true));
    }

    @Test
    void keys_images_addresses_and_networks_are_read() {
        var key = (Thing.Key) done(things.create(new Wish.Key("k1", Optional.empty())));
        assertThat(key.pem().orElseThrow()).startsWith("-----BEGIN").endsWith("-----\n");
        assertThat(key.toString()).isEqualTo("key k1");
        assertThat(done(things.list(Kind.KEY))).extracting(Thing::id).containsExactly("k1");
        var image = (Thing.Image) done(things.find(Kind.IMAGE, "img1"));
        assertThat(image.architecture()).contains("x86_64");
        assertThat(image.owner()).isEqualTo("fedoraproject");
        var copy = done(things.create(new Wish.Image("inst1", Optional.of("gold"), Optional.empty())));
        assertThat(((Thing.Image) copy).name()).isEqualTo("gold");
        assertThat(done(things.create(new Wish.Address())).id()).isEqualTo("192.0.2.1");
        assertThat(done(things.change(new Change.Associate("192.0.2.1", "inst1"))))
                .isEmpty();
        assertThat(((Thing.Address) done(things.find(Kind.ADDRESS, "192.0.2.1"))).instance())
                .contains("inst1");
        done(things.change(new Change.Disassociate("192.0.2.1")));
        assertThat(((Thing.Address) done(things.find(Kind.ADDRESS, "192.0.2.1"))).instance())
                .isEmpty();
        assertThat(done(things.list(Kind.NETWORK)))
                .as("one without an id is left out")
                .containsExactly(new Thing.Network("net1", "net1", "UP", List.of("10.0.0.0/16"), List.of("sub1")));
        assertThat(((Thing.Metric) done(things.find(Kind.METRIC, "inst1"))).samples())
                .containsEntry("cpuUtilization", List.of(Map.of("average", "3")));
        assertThat(done(things.find(Kind.LOAD_BALANCER, "lb1")))
                .isEqualTo(new Thing.LoadBalancer(
                        "lb1",
                        Optional.of("now"),
                        Optional.of("us"),
                        List.of("lb.example"),
                        List.of(new Listener("HTTP", "80", "8080")),
                        List.of("inst1")));
    }

    @Test
    void rules_of_firewalls_are_sent_source_by_source() {
        var sources = List.<Source>of(
                new Source.Addresses("192.0.2.0/24"), new Source.Group("g", "o"), new Source.Addresses("10.0.0.0/8"));
        var changed = done(things.change(new Change.Allow("web", new Rule("", "tcp", "80", "81", "", sources))));
        assertThat(rig.mock.rest.rules)
                .containsEntry("protocol", "tcp")
                .containsEntry("port_to", "81")
                .containsEntry("ip_address1", "192.0.2.0/24")
                .containsEntry("ip_address2", "10.0.0.0/8")
                .containsEntry("group1", "g")
                .containsEntry("group1owner", "o");
        var firewall = (Thing.Firewall) changed.orElseThrow();
        assertThat(firewall.rules())
                .containsExactly(new Rule(
                        "r1",
                        "tcp",
                        "80",
                        "80",
                        "ingress",
                        List.of(new Source.Addresses("192.0.2.0/24"), new Source.Group("g", "o"))));
    }

    @Test
    void a_blob_goes_through_as_a_stream_in_both_directions() throws Exception {
        long size = 300L << 20; // as much as the heap of these tests
        done(things.create(new Wish.Bucket("b", Optional.empty())));
        var blob = new Blob("b", "big", "video/ogg", Optional.empty(), Optional.empty(), Map.of("colour", "red"));
        var stored = done(things.store(blob, size, zeros(size)));
        assertThat(stored.length()).contains(size);
        assertThat(stored.metadata()).containsEntry("colour", "red");
        try (var content = done(things.content("b", "big"))) {
            assertThat(content.type()).isEqualTo("video/ogg");
            assertThat(content.bytes().transferTo(OutputStream.nullOutputStream()))
                    .isEqualTo(size);
        }
        done(things.note("b", "big", Map.of("shape", "round")));
        assertThat(done(things.blob("b", "big")).metadata()).containsExactly(Map.entry("shape", "round"));
        assertThat(((Thing.Bucket) done(things.find(Kind.BUCKET, "b"))).blobs()).containsExactly("big");
        done(things.removeBlob("b", "big"));
        assertThat(things.content("b", "big")).isInstanceOf(Told.Gone.class);
        var empty = new Blob("b", "empty", "text/plain", Optional.empty(), Optional.empty(), Map.of());
        assertThat(done(things.store(empty, 0, new ByteArrayInputStream(new byte[0])))
                        .length())
                .contains(0L);
    }

    private static InputStream zeros(long size) {
        return new InputStream() {
            private long left = size;

            @Override
            public int read() {
                return left-- > 0 ? 0 : -1;
            }

            @Override
            public int read(byte[] into, int from, int most) {
                if (left <= 0) return -1;
                int some = (int) Math.min(left, most);
                left -= some;
                return some;
            }
        };
    }
}
