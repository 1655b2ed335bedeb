package holdfast.drivers.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.authority.Cloud;
import holdfast.authority.CloudThings;
import holdfast.authority.CloudThings.Change;
import holdfast.authority.CloudThings.Kind;
import holdfast.authority.CloudThings.Rule;
import holdfast.authority.CloudThings.Source;
import holdfast.authority.CloudThings.Thing;
import holdfast.authority.CloudThings.Told;
import holdfast.authority.CloudThings.Wish;
import holdfast.authority.Driver.Key;
import holdfast.core.Wanted;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SimulatedThingsTest {
    private static final InstantSource CLOCK = InstantSource.fixed(java.time.Instant.parse("2030-01-07T08:00:00Z"));

    private static SimulatedCloud cloud(Optional<Path> file) {
        return new SimulatedCloud(CloudPlan.SMALL, CLOCK, Optional.empty(), file);
    }

    private static CloudThings things(SimulatedCloud cloud) {
        return cloud.things().orElseThrow();
    }

    private static <T> T done(Told<T> told) {
        assertThat(told).isInstanceOf(Told.Done.class);
        return ((Told.Done<T>) told).what();
    }

    private static Cloud.Order.Server server() {
        var wanted = new Wanted.Server(
                "web", "1", "image-1", List.of(), Optional.empty(), Optional.empty(), Map.of(), Optional.empty());
        return new Cloud.Order.Server(wanted, true);
    }

    private static Wish.Volume disk() {
        return new Wish.Volume(
                Optional.of("5"), Optional.empty(), Optional.of("south"), Optional.of("disk"), Optional.empty());
    }

    @Test
    void what_is_in_a_server_goes_out_of_it_with_the_server() {
        var cloud = cloud(Optional.empty());
        var key = new Key("lease", "server");
        cloud.ensure(key, server());
        var volume = (Thing.Volume) done(things(cloud).create(disk()));
        assertThat(volume.state()).isEqualTo("AVAILABLE");
        var attach = new Change.Attach(volume.id(), "server-1", "/dev/vdb");
        var attached = (Thing.Volume) done(things(cloud).change(attach)).orElseThrow();
        assertThat(attached.state()).isEqualTo("IN-USE");
        assertThat(things(cloud).change(attach)).isEqualTo(new Told.Refused<>("it is attached", true));
        assertThat(things(cloud).remove(Kind.VOLUME, volume.id()))
                .isEqualTo(new Told.Refused<>("it is attached", true));
        var address = done(things(cloud).create(new Wish.Address())).id();
        assertThat(address).isEqualTo("198.51.100.128");
        done(things(cloud).change(new Change.Associate(address, "server-1")));
        cloud.loseSilently(key);
        assertThat(((Thing.Volume) done(things(cloud).find(Kind.VOLUME, volume.id()))).state())
                .isEqualTo("AVAILABLE");
        assertThat(((Thing.Address) done(things(cloud).find(Kind.ADDRESS, address))).instance())
                .isEmpty();
        assertThat(done(things(cloud).remove(Kind.VOLUME, volume.id()))).isTrue();
        assertThat(things(cloud).find(Kind.VOLUME, volume.id())).isInstanceOf(Told.Gone.class);
        assertThat(things(cloud).change(attach)).isInstanceOf(Told.Gone.class);
    }

    @Test
    void all_of_it_is_there_when_its_file_is_opened_again(@TempDir Path scratch) {
        var file = Optional.of(scratch.resolve("cloud.json"));
        var before = cloud(file);
        var made = (Thing.Key) done(things(before).create(new Wish.Key("mine", Optional.empty())));
        assertThat(made.pem()).as("told once").isPresent();
        done(things(before).create(disk()));
        done(things(before).create(new Wish.Firewall("web", "for all")));
        var sources = List.<Source>of(new Source.Addresses("192.0.2.0/24"), new Source.Group("g", "o"));
        var rule = new Rule("", "tcp", "80", "81", "ingress", sources);
        done(things(before).change(new Change.Allow("web", rule)));
        var after = things(cloud(file));
        assertThat(((Thing.Key) done(after.find(Kind.KEY, "mine"))).pem()).isEmpty();
        assertThat(done(after.list(Kind.VOLUME))).hasSize(1);
        var firewall = (Thing.Firewall) done(after.find(Kind.FIREWALL, "web"));
        assertThat(firewall.rules().getFirst().sources()).isEqualTo(sources);
        done(after.change(new Change.Forbid("web", firewall.rules().getFirst().id())));
        assertThat(((Thing.Firewall) done(after.find(Kind.FIREWALL, "web"))).rules())
                .isEmpty();
        assertThat(after.create(new Wish.Firewall("web", "again"))).isInstanceOf(Told.Refused.class);
    }

    @Test
    void what_it_does_not_have_and_what_is_wrong_is_told_apart_from_its_being_away() {
        var cloud = cloud(Optional.empty());
        assertThat(things(cloud).list(Kind.BUCKET)).isInstanceOf(Told.Unsupported.class);
        assertThat(things(cloud).create(new Wish.Key("k", Optional.of("no key"))))
                .isInstanceOf(Told.Refused.class);
        assertThat(things(cloud).create(new Wish.Snapshot("nothing", Optional.empty(), Optional.empty())))
                .isInstanceOf(Told.Gone.class);
        cloud.goAway("out of order");
        assertThat(things(cloud).list(Kind.KEY)).isEqualTo(new Told.Away<>("out of order", false));
    }
}
