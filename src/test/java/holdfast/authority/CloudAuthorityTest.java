package holdfast.authority;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.core.Answer;
import holdfast.core.CloudSupply;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.core.Wanted;
import holdfast.drivers.simulated.CloudPlan;
import holdfast.engine.Resource;
import holdfast.protocol.Message;
import holdfast.protocol.Message.UpdateLease;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

final class CloudAuthorityTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration HOUR = Duration.ofHours(1);

    @AutoClose
    final TestDatabase db = TestDatabase.fresh();

    private final CloudLab lab = new CloudLab(db, CloudPlan.SMALL, Optional.empty());

    private UpdateLease last() {
        return lab.heard(UpdateLease.class).getLast();
    }

    private Resource provider() {
        return lab.provider(Optional.empty());
    }

    private Wanted.Hosts hosts(String... names) {
        return new Wanted.Hosts(new UUID(1, 1), "project", List.of(names));
    }

    @Test
    void a_server_is_made_when_its_term_begins_and_taken_away_when_it_ends() {
        var term = new Interval(lab.instant().plus(HOUR), lab.instant().plus(HOUR.multipliedBy(2)));
        lab.provide(provider(), term, CloudLab.server("web"));
        lab.settleFor(HOUR.minusMinutes(1), HOUR.minusMinutes(1));
        assertThat(lab.cloud.placed()).isEmpty();
        lab.settleFor(Duration.ofMinutes(10), Duration.ofMinutes(1));
        assertThat(lab.cloud.placed()).containsKey("web");
        assertThat(last().state()).isEqualTo(UpdateLease.State.ACTIVE);
        assertThat(last().lease().orElseThrow().host()).isEqualTo("host-1");
        lab.settleFor(HOUR, Duration.ofMinutes(10));
        assertThat(lab.cloud.placed()).isEmpty();
        assertThat(lab.told()).containsExactly("ACTIVE", "CLOSED");
    }

    @Test
    void what_is_held_is_kept_at_once_and_opened_at_the_start_and_gone_at_the_end() {
        var term = new Interval(lab.instant().plus(HOUR), lab.instant().plus(HOUR.multipliedBy(2)));
        lab.provide(provider(), term, hosts("host-1"));
        assertThat(lab.told()).containsExactly("PREPARED");
        assertThat(lab.cloud.observe(CloudProvisioning.key(lab.lease())))
                .isEqualTo(new Driver.Observed.Present(true, Map.of("open", "false")));
        lab.settleFor(HOUR, Duration.ofMinutes(10));
        assertThat(lab.told()).containsExactly("PREPARED", "ACTIVE");
        lab.settleFor(HOUR, Duration.ofMinutes(10));
        assertThat(lab.told()).containsExactly("PREPARED", "ACTIVE", "CLOSED");
        assertThat(lab.cloud.list()).isEmpty();
    }

    @Test
    void what_is_in_the_way_must_leave_before_a_host_is_opened() {
        var provider = provider();
        lab.provide(provider, lab.lasting(HOUR), CloudLab.server("squatter"));
        var squatter = lab.lease();
        lab.provide(provider, lab.lasting(HOUR), hosts("host-1", "host-2"));
        lab.settleFor(Duration.ofSeconds(10), SECOND);
        assertThat(lab.told()).containsExactly("ACTIVE", "PREPARED");
        lab.send(new Message.Close(squatter.as(Lease.class).sliver()));
        lab.settleFor(Duration.ofSeconds(10), SECOND);
        assertThat(lab.told()).containsExactly("ACTIVE", "PREPARED", "CLOSED", "ACTIVE");
    }

    @Test
    void a_provider_that_is_away_at_the_start_is_waited_for() {
        var provider = provider();
        lab.cloud.goAway("no route");
        lab.provide(provider, lab.lasting(HOUR), CloudLab.server("web"));
        lab.settleFor(Duration.ofMinutes(5), Duration.ofSeconds(20));
        assertThat(lab.told()).isEmpty();
        lab.cloud.comeBack();
        lab.settleFor(Duration.ofMinutes(1), SECOND);
        assertThat(lab.told()).containsExactly("ACTIVE");
    }

    @Test
    void and_given_up_after_a_quarter_of_an_hour() {
        var provider = provider();
        lab.cloud.goAway("no route");
        lab.provide(provider, lab.lasting(HOUR), CloudLab.server("web"));
        lab.settleFor(Duration.ofMinutes(16), Duration.ofSeconds(10));
        lab.cloud.comeBack();
        lab.settleFor(Duration.ofMinutes(2), Duration.ofSeconds(1));
        assertThat(lab.told()).containsExactly("FAILED");
        assertThat(last().refusal().orElseThrow().message()).contains("no route");
        assertThat(lab.cloud.list()).isEmpty();
    }

    @Test
    void what_could_not_be_taken_away_is_tried_again_when_the_provider_is_back() {
        var sliver = lab.provide(provider(), lab.lasting(HOUR), hosts("host-1"));
        lab.settleFor(SECOND, SECOND);
        lab.cloud.goAway("no route");
        lab.send(new Message.Close(sliver));
        lab.settleFor(Duration.ofMinutes(11), Duration.ofSeconds(10));
        assertThat(lab.told()).containsExactly("PREPARED", "ACTIVE", "CLOSE_FAILED");
        lab.cloud.comeBack();
        lab.settleFor(Duration.ofMinutes(2), Duration.ofSeconds(10));
        assertThat(lab.told()).endsWith("CLOSE_FAILED", "CLOSED");
        assertThat(lab.cloud.list()).isEmpty();
    }

    @Test
    void another_order_is_made_so_or_all_stays_as_it_was() {
        var provider = provider();
        var term = lab.lasting(HOUR);
        var sliver = lab.provide(provider, term, hosts("host-1"));
        lab.settleFor(SECOND, SECOND);
        var longer = new Interval(term.from(), term.until().plus(HOUR));
        lab.send(new Message.Amend(sliver, 1, longer, hosts("host-1", "host-2")));
        lab.settleFor(SECOND, SECOND);
        assertThat(lab.heard(Message.Amended.class)).containsExactly(new Message.Amended(sliver, 1, Optional.empty()));
        lab.send(new Message.Amend(sliver, 2, term, hosts("host-1", "nowhere")));
        lab.settleFor(SECOND, SECOND);
        var refused = lab.heard(Message.Amended.class).getLast();
        assertThat(refused.refusal().orElseThrow().message()).isEqualTo("there is no host nowhere");
        var order = CloudProvisioning.order(lab.lease());
        assertThat(order.wanted()).isEqualTo(hosts("host-1", "host-2"));
        assertThat(order.term()).isEqualTo(longer);
        lab.settleFor(HOUR.plusMinutes(1), Duration.ofMinutes(10));
        assertThat(lab.lease().state()).isEqualTo("active");
        lab.settleFor(HOUR, Duration.ofMinutes(10));
        assertThat(lab.lease().state()).isEqualTo("closed");
    }

    @Test
    void the_same_message_again_has_its_effect_once() {
        var provider = provider();
        var sliver = lab.provide(provider, lab.lasting(HOUR), CloudLab.server("web"));
        var known = lab.lease().as(Lease.class);
        lab.send(
                new Message.Provide(sliver, known.slice(), provider.id(), lab.lasting(HOUR), CloudLab.server("other")));
        assertThat(lab.cloud.placed()).containsOnlyKeys("web");
        lab.send(new Message.Amend(sliver, 1, lab.lasting(HOUR), CloudLab.server("web")));
        lab.send(new Message.Amend(sliver, 1, lab.lasting(HOUR), CloudLab.server("web")));
        assertThat(lab.heard(Message.Amended.class))
                .hasSize(2)
                .allMatch(reply -> reply.refusal().isEmpty());
        lab.send(new Message.Close(sliver));
        lab.send(new Message.Close(sliver));
        lab.settleFor(SECOND, SECOND);
        assertThat(lab.cloud.list()).isEmpty();
        assertThat(lab.lease().state()).isEqualTo("closed");
    }

    @Test
    void what_is_closed_before_it_was_asked_for_is_never_made() {
        var provider = provider();
        var sliver = new holdfast.core.SliverId(new UUID(5, 5));
        lab.send(new Message.Close(sliver));
        var slice = new holdfast.protocol.SliceInfo(
                new holdfast.core.SliceId(new UUID(6, 6)), "expo", "physics", "alice", List.of());
        lab.send(new Message.Provide(sliver, slice, provider.id(), lab.lasting(HOUR), CloudLab.server("web")));
        lab.settleFor(SECOND, SECOND);
        assertThat(lab.cloud.placed()).isEmpty();
        assertThat(lab.told()).containsExactly("CLOSED", "CLOSED");
    }

    @Test
    void an_unknown_provider_is_a_refusal() {
        var nowhere = lab.look(tx -> lab.engine
                .resources()
                .fresh(new UUID(9, 9), "provider", "clouds", Optional.empty(), "x", "up", "p", Map.of()));
        lab.provide(nowhere, lab.lasting(HOUR), CloudLab.server("web"));
        assertThat(lab.told()).containsExactly("FAILED");
        assertThat(last().refusal().orElseThrow().kind()).isEqualTo(Refusal.Kind.NOT_THERE);
    }

    @Test
    void a_provider_in_use_is_not_taken_out() {
        var provider = provider();
        var sliver = lab.provide(provider, lab.lasting(HOUR), CloudLab.server("web"));
        var refused = lab.look(tx -> lab.clouds.providers().remove(tx, provider.id(), "admin"));
        assertThat(refused)
                .isInstanceOfSatisfying(
                        Answer.No.class,
                        no -> assertThat(no.why().message())
                                .isEqualTo("lab has 1 leases that are not over; end what they are for first"));
        lab.send(new Message.Close(sliver));
        lab.settleFor(SECOND, SECOND);
        lab.look(tx -> lab.clouds.providers().remove(tx, provider.id(), "admin").orThrow());
        lab.settle();
        assertThat(lab.resource(provider.id()).state()).isEqualTo("removed");
        assertThat(lab.heard(Message.UpdateSupply.class).getLast().offer()).isEmpty();
    }

    @Test
    void what_has_changed_at_the_provider_is_told_once() {
        provider();
        var first = lab.heard(Message.UpdateSupply.class);
        assertThat(first).hasSize(1);
        assertThat(first.getFirst().offer().orElseThrow().supply().hosts()).hasSize(4);
        lab.settleFor(Duration.ofMinutes(5), Duration.ofSeconds(30));
        assertThat(lab.heard(Message.UpdateSupply.class)).hasSize(1);
        lab.cloud.hostUp("host-2", false);
        lab.settleFor(Duration.ofMinutes(5), Duration.ofSeconds(30));
        var told = lab.heard(Message.UpdateSupply.class);
        assertThat(told).hasSize(2);
        assertThat(told.getLast().sequence()).isGreaterThan(told.getFirst().sequence());
        assertThat(told.getLast().offer().orElseThrow().supply().hosts())
                .filteredOn(host -> !host.up())
                .extracting(CloudSupply.Host::name)
                .containsExactly("host-2");
    }
}
