package holdfast.authority;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.core.Answer;
import holdfast.drivers.simulated.CloudPlan;
import holdfast.engine.Resource;
import holdfast.protocol.Message;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Accounts that pools of clouds use: what hints bring, and what becomes of machines that nobody knows of.
final class PoolAccountTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration HOUR = Duration.ofHours(1);

    @AutoClose
    private final TestDatabase db = TestDatabase.fresh();

    private final CloudLab lab = new CloudLab(db, CloudPlan.SMALL, Optional.empty());

    /// One that is looked at each hour, so that what happens sooner happens for a hint.
    private UUID account() {
        var account =
                new Provider.Account("simulated", "", Optional.empty(), "", "", "", "", List.of(), true, 0, 3_600);
        var added = lab.look(tx -> providers()
                .add(tx, "pool", Providers.UNSOLD, account, Optional.empty(), "admin")
                .orThrow());
        lab.settle();
        return added.id();
    }

    private Providers providers() {
        return lab.clouds.providers();
    }

    private Provider known(UUID account) {
        return lab.resource(account).as(Provider.class);
    }

    private void hint(UUID account) {
        lab.look(tx -> {
            providers().hint(tx, account);
            return true;
        });
        lab.settle();
    }

    private void look(UUID account) {
        lab.look(tx -> providers().refresh(tx, account, "admin").orThrow());
        lab.settle();
    }

    @Test
    void a_hint_brings_a_look_at_once_and_a_flood_of_them_one_in_a_second() {
        var account = account();
        lab.settleFor(MINUTE, SECOND);
        long before = known(account).sequence();
        hint(account);
        assertThat(known(account).sequence()).isEqualTo(before + 1);
        for (int i = 0; i < 100; i++) {
            hint(account);
            lab.settleFor(Duration.ofMillis(100), Duration.ofMillis(100));
        }
        assertThat(known(account).sequence() - before).isBetween(10L, 11L);
        lab.settleFor(MINUTE, SECOND);
        assertThat(known(account).sequence() - before).isBetween(10L, 12L);
    }

    @Test
    void a_hint_hurries_nothing_at_an_account_that_fails() {
        var account = account();
        lab.cloud.goAway("out of order");
        look(account);
        int before = known(account).failures();
        for (int i = 0; i < 20; i++) hint(account);
        assertThat(known(account).failures()).isEqualTo(before);
        hint(UUID.randomUUID());
    }

    private Driver.Key byHand() {
        var key = new Driver.Key(new UUID(3, 3).toString(), CloudProvisioning.SERVER);
        lab.cloud.ensure(key, new Cloud.Order.Server(CloudLab.server("by-hand"), true));
        return key;
    }

    @Test
    void what_nobody_knows_of_is_shown_from_when_it_was_seen_first_and_goes_when_somebody_wants_that() {
        var account = account();
        var key = byHand();
        look(account);
        var first = known(account).astray().orphans().getFirst();
        lab.settleFor(HOUR.multipliedBy(2), HOUR);
        assertThat(known(account).astray().orphans()).containsExactly(first);
        assertThat(first.name()).isEqualTo("by-hand");
        assertThat(lab.cloud.list()).containsExactly(key);

        Answer<Resource> other = lab.look(tx -> providers().takeAway(tx, account, first.lease(), "volume", "admin"));
        assertThat(other).isInstanceOf(Answer.No.class);
        lab.look(tx -> providers()
                .takeAway(tx, account, first.lease(), first.part(), "admin")
                .orThrow());
        lab.settle();
        assertThat(lab.cloud.list()).isEmpty();
        assertThat(known(account).astray().orphans()).isEmpty();
    }

    @Test
    void what_came_true_after_its_lease_was_over_is_taken_away_as_ever() {
        var account = account();
        var sliver = lab.provide(lab.resource(account), lab.lasting(HOUR), CloudLab.server("late"));
        var lease = lab.lease();
        lab.send(new Message.Close(sliver));
        assertThat(lab.cloud.list()).isEmpty();
        lab.cloud.ensure(CloudProvisioning.key(lease), new Cloud.Order.Server(CloudLab.server("late"), true));
        look(account);
        assertThat(known(account).astray().orphans()).isEmpty();
        assertThat(lab.cloud.list()).isEmpty();
    }
}
