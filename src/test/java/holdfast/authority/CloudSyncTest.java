package holdfast.authority;

import static holdfast.db.Tables.JOURNAL;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.core.CloudServer;
import holdfast.drivers.simulated.CloudPlan;
import holdfast.engine.Resource;
import holdfast.protocol.Message;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What the looks at a provider find, and what becomes of it.
final class CloudSyncTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration HOUR = Duration.ofHours(1);

    @AutoClose
    final TestDatabase db = TestDatabase.fresh();

    private CloudLab lab(CloudPlan plan, String password) {
        return new CloudLab(db, plan, Optional.of(password));
    }

    @Test
    void a_provider_that_lets_us_in_is_up_and_shows_what_it_has() {
        var provider = lab(CloudPlan.SMALL, "x").provider(Optional.of("secret"));
        assertThat(provider.state()).isEqualTo("up");
        var seen = provider.as(Provider.class);
        assertThat(seen.supply().orElseThrow()).isEqualTo(CloudPlan.SMALL.supply());
        assertThat(seen.lastSync()).isPresent();
    }

    @Test
    void wrong_credentials_are_told_and_tried_again_when_somebody_wants_it() {
        var lab = lab(CloudPlan.SMALL.lettingIn("right"), "wrong");
        var provider = lab.provider(Optional.of("wrong"));
        assertThat(provider.state()).isEqualTo("down");
        assertThat(provider.message()).contains("the simulated cloud does not know that password");
        lab.cloud.become(CloudPlan.SMALL);
        lab.settleFor(MINUTE, Duration.ofSeconds(10));
        assertThat(lab.resource(provider.id()).state()).isEqualTo("down");
        lab.look(
                tx -> lab.clouds.providers().refresh(tx, provider.id(), "admin").orThrow());
        lab.settle();
        assertThat(lab.resource(provider.id()).state()).isEqualTo("up");
    }

    @Test
    void a_cloud_that_refused_us_for_a_while_comes_up_by_itself() {
        var lab = lab(CloudPlan.SMALL.lettingIn("right"), "wrong");
        var provider = lab.provider(Optional.of("wrong"));
        lab.cloud.become(CloudPlan.SMALL);
        lab.settleFor(MINUTE.multipliedBy(5), MINUTE);
        assertThat(lab.resource(provider.id()).state()).isEqualTo("up");
    }

    @Test
    void nothing_that_is_kept_holds_the_password() {
        var lab = lab(CloudPlan.SMALL, "x");
        var provider = lab.provider(Optional.of("Tr0ub4dor"));
        assertThat(provider.data()).doesNotContain("Tr0ub4dor").contains("\"password\"");
        String journal = lab.look(tx -> tx.sql().selectFrom(JOURNAL).fetch().formatJSON());
        assertThat(journal).contains("added").doesNotContain("Tr0ub4dor");
    }

    @Test
    void one_that_is_away_is_degraded_then_down_then_up_again() {
        var lab = lab(CloudPlan.SMALL, "x");
        var provider = lab.provider(Optional.empty());
        lab.cloud.goAway("connection refused");
        lab.settleFor(MINUTE, Duration.ofSeconds(1));
        assertThat(lab.resource(provider.id()).state()).isEqualTo("degraded");
        lab.settleFor(MINUTE, Duration.ofSeconds(1));
        assertThat(lab.resource(provider.id()).state()).isEqualTo("down");
        assertThat(lab.resource(provider.id()).message()).contains("connection refused");
        lab.cloud.comeBack();
        lab.settleFor(MINUTE, Duration.ofSeconds(1));
        assertThat(lab.resource(provider.id()).state()).isEqualTo("up");
    }

    @Test
    void two_refreshes_at_once_leave_one_look_to_come() {
        var lab = lab(CloudPlan.SMALL, "x");
        var provider = lab.provider(Optional.empty());
        for (int i = 0; i < 3; i++) {
            lab.look(tx -> {
                lab.clouds.providers().refresh(tx, provider.id(), "admin").orThrow();
                return lab.clouds
                        .providers()
                        .refresh(tx, provider.id(), "admin")
                        .orThrow();
            });
        }
        lab.settle();
        long before = lab.resource(provider.id()).as(Provider.class).sequence();
        lab.settleFor(MINUTE, Duration.ofSeconds(10));
        assertThat(lab.resource(provider.id()).as(Provider.class).sequence()).isEqualTo(before + 1);
    }

    @Test
    void a_server_that_is_missed_twice_is_lost_and_its_lease_ends() {
        var lab = lab(CloudPlan.SMALL, "x");
        var provider = lab.provider(Optional.empty());
        lab.provide(provider, lab.lasting(HOUR), CloudLab.server("web"));
        lab.cloud.loseSilently(CloudProvisioning.key(lab.lease()));
        lab.settleFor(MINUTE, Duration.ofSeconds(10));
        assertThat(lab.told()).containsExactly("ACTIVE");
        lab.settleFor(MINUTE, Duration.ofSeconds(10));
        assertThat(lab.told()).containsExactly("ACTIVE", "LOST", "CLOSED");
    }

    @Test
    void what_nobody_asked_for_is_told_once_and_left_alone() {
        var lab = lab(CloudPlan.SMALL, "x");
        lab.provider(Optional.empty());
        lab.cloud.putForeign("theirs", "host-3", Map.of("vcpu", 4L));
        lab.settleFor(MINUTE.multipliedBy(5), Duration.ofSeconds(30));
        assertThat(lab.heard(Message.Drift.class))
                .extracting(
                        drift -> drift.unknown().stream().map(CloudServer::name).toList())
                .containsExactly(List.of(), List.of("theirs"));
        assertThat(lab.cloud.placed()).containsKey("theirs");
    }

    @Test
    void what_is_ours_and_has_no_lease_is_taken_away() {
        var lab = lab(CloudPlan.SMALL, "x");
        lab.provider(Optional.empty());
        var stray = new Driver.Key(new UUID(3, 3).toString(), CloudProvisioning.SERVER);
        lab.cloud.ensure(stray, new Cloud.Order.Server(CloudLab.server("stray"), true));
        lab.settleFor(MINUTE, Duration.ofSeconds(10));
        assertThat(lab.cloud.list()).isEmpty();
    }

    @Test
    void another_password_is_tried_at_once() {
        var lab = lab(CloudPlan.SMALL.lettingIn("right"), "right");
        var provider = lab.provider(Optional.of("wrong"));
        Resource changed = lab.look(tx -> lab.clouds
                .providers()
                .change(tx, provider.id(), CloudLab.ACCOUNT, Optional.of("right"), "admin")
                .orThrow());
        assertThat(changed.state()).isEqualTo("connecting");
        lab.settle();
        assertThat(lab.resource(provider.id()).state()).isEqualTo("up");
    }

    @Test
    void a_look_with_the_account_of_before_changes_nothing_and_cancels_nothing() {
        var lab = lab(CloudPlan.SMALL.lettingIn("right"), "wrong");
        var provider = lab.provider(Optional.of("wrong"));
        lab.meanwhile = () -> {
            lab.meanwhile = () -> {};
            lab.cloud.become(CloudPlan.SMALL.lettingIn("other")); // what is under way is refused
            lab.look(tx -> lab.clouds
                    .providers()
                    .change(tx, provider.id(), CloudLab.ACCOUNT, Optional.of("right"), "admin")
                    .orThrow());
        };
        lab.look(
                tx -> lab.clouds.providers().refresh(tx, provider.id(), "admin").orThrow());
        var before = lab.resource(provider.id()).as(Provider.class).failures();
        lab.step();
        var changed = lab.resource(provider.id());
        assertThat(changed.state()).isEqualTo("connecting");
        assertThat(before).isEqualTo(1);
        assertThat(changed.as(Provider.class).failures()).isZero();
        lab.cloud.become(CloudPlan.SMALL);
        lab.settle();
        assertThat(lab.resource(provider.id()).state()).isEqualTo("up");
    }

    @Test
    void what_was_changed_is_told_though_the_first_look_after_it_failed() {
        var lab = lab(CloudPlan.SMALL, "x");
        var provider = lab.provider(Optional.empty());
        assertThat(lab.heard(Message.UpdateSupply.class)).hasSize(1);
        lab.cloud.goAway("connection refused");
        var account =
                new Provider.Account("simulated", "", Optional.empty(), "", "", "", "", List.of(), false, 300, 60);
        lab.look(tx -> lab.clouds
                .providers()
                .change(tx, provider.id(), account, Optional.empty(), "admin")
                .orThrow());
        lab.settle();
        assertThat(lab.resource(provider.id()).state()).isEqualTo("degraded");
        lab.cloud.comeBack();
        lab.settleFor(MINUTE, Duration.ofSeconds(1));
        var told = lab.heard(Message.UpdateSupply.class);
        assertThat(told).hasSize(2);
        assertThat(told.getLast().offer().orElseThrow().cleaningSeconds()).isEqualTo(300);
    }

    @Test
    void what_an_account_says_is_checked_field_by_field() {
        var lab = lab(CloudPlan.SMALL, "x");
        for (var wrong : List.of(
                new Provider.Account("aws", "", Optional.empty(), "", "", "", "", List.of(), true, 0, 60),
                new Provider.Account(
                        "openstack", "ftp://x", Optional.empty(), "u", "", "p", "", List.of(), true, 0, 60),
                new Provider.Account(
                        "openstack", "http://x/v3", Optional.empty(), "", "", "p", "", List.of(), true, 0, 60),
                new Provider.Account("simulated", "", Optional.empty(), "", "", "", "", List.of(), true, -1, 60),
                new Provider.Account("simulated", "", Optional.empty(), "", "", "", "", List.of(), true, 0, 4))) {
            var answer = lab.look(tx -> lab.clouds.providers().add(tx, "p", "admins", wrong, Optional.empty(), "me"));
            assertThat(answer).as(wrong.toString()).isInstanceOf(holdfast.core.Answer.No.class);
        }
        lab.provider(Optional.empty());
        var twice = lab.look(
                tx -> lab.clouds.providers().add(tx, "lab", "admins", CloudLab.ACCOUNT, Optional.empty(), "me"));
        assertThat(twice).isInstanceOf(holdfast.core.Answer.No.class);
    }
}
