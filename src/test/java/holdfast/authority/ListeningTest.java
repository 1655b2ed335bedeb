package holdfast.authority;

import static holdfast.db.Tables.JOURNAL;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.drivers.simulated.CloudPlan;
import holdfast.engine.Resource;
import holdfast.protocol.Message;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What comes of what a cloud tells on its bus. The provider is looked at each hour, so that what happens within
/// seconds happens because of what was told.
final class ListeningTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration SOON = Duration.ofSeconds(15);
    private static final Duration HOUR = Duration.ofHours(1);

    @AutoClose
    final TestDatabase db = TestDatabase.fresh();

    private final CloudLab lab = new CloudLab(db, CloudPlan.SMALL, Optional.empty());

    private long looks(Resource provider) {
        return lab.resource(provider.id()).as(Provider.class).sequence();
    }

    private Optional<String> deaf(Resource provider) {
        return lab.resource(provider.id()).as(Provider.class).deaf();
    }

    private Resource listen(Resource provider, Optional<Bus> bus, Optional<String> password) {
        var changed = lab.look(tx -> lab.clouds
                .providers()
                .listen(tx, provider.id(), bus, password, "admin")
                .orThrow());
        lab.settle();
        return changed;
    }

    private static Bus bus(String address) {
        return Bus.of(address, Bus.TOPICS).orThrow();
    }

    @Test
    void a_deletion_behind_our_back_is_noticed_as_soon_as_the_cloud_tells_of_it() {
        var provider = lab.telling();
        lab.provide(provider, lab.lasting(HOUR.multipliedBy(5)), CloudLab.server("web"));
        lab.settleFor(SOON, SECOND);
        lab.cloud.loseSilently(CloudProvisioning.key(lab.lease()));
        lab.settleFor(SOON, SECOND);
        assertThat(lab.told()).as("nobody has told").containsExactly("ACTIVE");
        lab.ear().changed("instance.delete.end");
        lab.settleFor(SOON, SECOND);
        assertThat(lab.told()).containsExactly("ACTIVE", "LOST", "CLOSED");
    }

    @Test
    void a_message_that_is_lost_costs_no_more_than_the_time_to_the_next_look() {
        var provider = lab.telling();
        lab.provide(provider, lab.lasting(HOUR.multipliedBy(5)), CloudLab.server("web"));
        lab.cloud.loseSilently(CloudProvisioning.key(lab.lease()));
        lab.settleFor(HOUR.plus(SOON), Duration.ofMinutes(1));
        assertThat(lab.told()).containsExactly("ACTIVE", "LOST", "CLOSED");
    }

    @Test
    void many_messages_in_a_short_time_are_one_look() {
        var provider = lab.telling();
        lab.settleFor(SOON, SECOND);
        long before = looks(provider);
        for (int i = 0; i < 1_000; i++) lab.ear().changed("instance.delete.end " + i);
        lab.settleFor(SOON, SECOND);
        assertThat(looks(provider)).isEqualTo(before + 1);
    }

    @Test
    void a_flood_of_messages_brings_no_more_looks_than_an_operator_may_ask_for() {
        var provider = lab.telling();
        long before = looks(provider);
        for (int i = 0; i < 600; i++) {
            lab.ear().changed("instance.delete.end");
            lab.settleFor(Duration.ofMillis(100), Duration.ofMillis(100));
        }
        assertThat(looks(provider) - before).isBetween(10L, 12L);
    }

    @Test
    void what_is_forged_or_told_twice_loses_nothing() {
        var provider = lab.telling();
        lab.provide(provider, lab.lasting(HOUR.multipliedBy(5)), CloudLab.server("web"));
        for (int i = 0; i < 3; i++) {
            lab.ear().changed("instance.delete.end " + lab.lease().id());
            lab.ear().changed("no such thing");
            lab.settleFor(SOON, SECOND);
        }
        assertThat(lab.told()).containsExactly("ACTIVE");
        assertThat(lab.lease().state()).isEqualTo("active");
        assertThat(lab.heard(Message.Drift.class)).hasSize(1);
    }

    @Test
    void what_is_told_during_a_look_is_looked_at_after_it() {
        var provider = lab.telling();
        lab.settleFor(SOON, SECOND);
        long before = looks(provider);
        lab.meanwhile = () -> {
            lab.meanwhile = () -> {};
            lab.ear().changed("instance.delete.end");
        };
        lab.look(
                tx -> lab.clouds.providers().refresh(tx, provider.id(), "admin").orThrow());
        lab.settleFor(SOON, SECOND);
        assertThat(looks(provider)).isEqualTo(before + 2);
    }

    @Test
    void a_provider_that_fails_is_not_asked_more_often_because_its_bus_talks() {
        var provider = lab.telling();
        lab.cloud.become(CloudPlan.SMALL.lettingIn("another"));
        lab.look(
                tx -> lab.clouds.providers().refresh(tx, provider.id(), "admin").orThrow());
        lab.settle();
        Supplier<Integer> failures =
                () -> lab.resource(provider.id()).as(Provider.class).failures();
        assertThat(failures.get()).isEqualTo(1);
        for (int i = 0; i < 60; i++) {
            lab.ear().changed("instance.delete.end");
            lab.settleFor(SECOND, SECOND);
        }
        assertThat(failures.get()).isEqualTo(1);
    }

    @Test
    void a_bus_that_is_away_is_told_in_the_view_and_the_provider_is_up_all_the_same() {
        var provider = lab.telling();
        lab.ear().hears(Optional.of("connection refused"));
        assertThat(deaf(provider)).hasValue("connection refused");
        assertThat(lab.resource(provider.id()).state()).isEqualTo("up");
        long version = lab.resource(provider.id()).version();
        lab.ear().hears(Optional.of("connection refused"));
        assertThat(lab.resource(provider.id()).version()).isEqualTo(version);
        lab.ear().hears(Optional.empty());
        assertThat(deaf(provider)).isEmpty();
    }

    @Test
    void another_bus_is_listened_to_instead_and_none_when_there_is_none() {
        var provider = lab.telling();
        assertThat(lab.ears).containsOnlyKeys("amqp://me@bus/ with Tr0ub4dor");
        var before = lab.ear();
        listen(provider, Optional.of(bus("amqps://me@other/")), Optional.empty());
        assertThat(lab.ears).containsOnlyKeys("amqps://me@other/ with Tr0ub4dor");
        before.hears(Optional.of("what the one before has to say"));
        assertThat(deaf(provider)).isEmpty();
        listen(provider, Optional.empty(), Optional.empty());
        assertThat(lab.ears).isEmpty();
        listen(provider, Optional.of(bus("amqp://me@bus/")), Optional.empty());
        assertThat(lab.ears).containsOnlyKeys("amqp://me@bus/ with no password");
        lab.look(tx -> lab.clouds.providers().remove(tx, provider.id(), "admin").orThrow());
        assertThat(lab.ears).isEmpty();
    }

    @Test
    void a_server_that_starts_listens_before_the_next_look() {
        lab.telling();
        var next = new CloudLab(db, CloudPlan.SMALL, Optional.empty());
        next.clouds.providers().start();
        assertThat(next.ears).containsOnlyKeys("amqp://me@bus/ with Tr0ub4dor");
        next.clouds.providers().close();
        assertThat(next.ears).isEmpty();
    }

    @Test
    void nothing_that_is_kept_holds_the_password_of_the_bus() {
        var provider = lab.telling();
        assertThat(provider.data()).doesNotContain("Tr0ub4dor").contains("amqp://me@bus/");
        String journal = lab.look(tx -> tx.sql().selectFrom(JOURNAL).fetch().formatJSON());
        assertThat(journal).doesNotContain("Tr0ub4dor");
    }

    @Test
    void what_an_address_says_is_checked() {
        for (var wrong : List.of(
                "",
                "bus",
                "http://me@bus/",
                "amqp://bus/",
                "amqp:me@bus",
                "amqp://me@bus/?heartbeat=1",
                "amqp://me@ /")) {
            assertThat(Bus.of(wrong, Bus.TOPICS)).as(wrong).isInstanceOf(Answer.No.class);
        }
        assertThat(Bus.of("amqp://me:secret@bus/", Bus.TOPICS))
                .isInstanceOfSatisfying(
                        Answer.No.class,
                        no -> assertThat(no.why().message())
                                .contains("notificationsPassword")
                                .doesNotContain("secret"));
        for (var topics : List.of(List.<String>of(), List.of("a.b"), List.of("#"), List.of(""))) {
            assertThat(Bus.of("amqp://me@bus/", topics))
                    .as("" + topics)
                    .isEqualTo(Answer.no(Refusal.malformed(
                            "notificationsTopics",
                            "notificationsTopics are 1 to 10 names of letters, digits, - and _, each of at most 100")));
        }
    }
}
