package holdfast.authority;

import static holdfast.authority.BehindDeltacloud.MOCK;
import static holdfast.authority.BehindDeltacloud.account;
import static holdfast.authority.BehindDeltacloud.lab;
import static holdfast.authority.BehindDeltacloud.web;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.authority.Cloud.Look;
import holdfast.authority.Provider.Account.Behind;
import holdfast.core.CloudSupply;
import holdfast.core.Interval;
import holdfast.core.SliceId;
import holdfast.core.SliverId;
import holdfast.core.Wanted;
import holdfast.drivers.deltacloud.MockDeltacloud;
import holdfast.drivers.deltacloud.MockDeltacloud.Fault;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.platform.Faults;
import holdfast.protocol.Message;
import holdfast.protocol.Message.UpdateLease;
import holdfast.protocol.SliceInfo;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Leases of instances at a cloud behind a Deltacloud server, from the account to the end.
final class DeltacloudLeaseTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    /// Kills at each eleventh write; all with `-Dholdfast.stride=1`.
    private static final int STRIDE = Integer.getInteger("holdfast.stride", 11);

    @AutoClose
    final TestDatabase db = TestDatabase.fresh();

    private static UpdateLease last(CloudLab lab) {
        return lab.heard(UpdateLease.class).getLast();
    }

    private static Map<String, String> facts(CloudLab lab) {
        return last(lab).lease().orElseThrow().facts();
    }

    private static Optional<String> amended(CloudLab lab, SliverId sliver, long n, Interval term, Wanted wanted) {
        lab.send(new Message.Amend(sliver, n, term, wanted));
        lab.settleFor(Duration.ofSeconds(20), SECOND);
        var reply = lab.heard(Message.Amended.class).getLast();
        assertThat(reply.revision()).isEqualTo(n);
        return reply.refusal().map(why -> why.message());
    }

    @Test
    void an_instance_lives_from_its_account_to_its_end() {
        try (var mock = new MockDeltacloud("mock")) {
            var lab = lab(db);
            var provider = account(lab, mock);
            assertThat(provider.state()).isEqualTo("up");
            var supply = provider.as(Provider.class).supply().orElseThrow();
            assertThat(supply.profiles()).extracting(one -> one.id()).contains("m1-small", "m1-xlarge");
            assertThat(lab.heard(Message.UpdateSupply.class))
                    .as("nothing there is for sale by the hour")
                    .isEmpty();

            var term = lab.lasting(Duration.ofDays(1));
            var sliver = lab.provide(provider, term, web());
            lab.settleFor(Duration.ofSeconds(20), SECOND);
            assertThat(lab.told()).containsExactly("ACTIVE");
            assertThat(facts(lab))
                    .containsEntry("server.id", "inst1")
                    .containsEntry("server.status", "RUNNING")
                    .containsEntry("server.addresses", "198.51.100.7")
                    .containsEntry("server.realm", "us");
            assertThat(mock.instances.get("inst1").form).containsEntry("hwp_memory", "7680");
            var pem = facts(lab).get("key.pem");
            assertThat(pem).startsWith("sealed:");
            assertThat(lab.clouds.providers().pem(lab.lease().id(), pem).orElseThrow())
                    .startsWith("-----BEGIN RSA PRIVATE KEY-----");
            assertThat(mock.keys).containsOnlyKeys(facts(lab).get("key.name"));

            assertThat(amended(lab, sliver, 1, term, web().switched(false))).isEmpty();
            assertThat(mock.instances.get("inst1").state).isEqualTo("STOPPED");
            assertThat(mock.keys).as("dropped when it stops").isEmpty();
            assertThat(lab.lease().as(Lease.class).facts())
                    .as("nobody is told it any more")
                    .containsEntry("key.pem", "");
            assertThat(amended(lab, sliver, 2, term, web())).isEmpty();
            assertThat(amended(lab, sliver, 3, term, web().rebooted())).isEmpty();
            assertThat(amended(lab, sliver, 4, term, web().rebooted().switched(false)))
                    .isEmpty();
            assertThat(amended(lab, sliver, 5, term, web().rebooted())).isEmpty();
            assertThat(mock.lines())
                    .filteredOn(line -> line.endsWith("/reboot"))
                    .hasSize(1);

            lab.send(new Message.Close(sliver));
            lab.settleFor(Duration.ofSeconds(20), SECOND);
            assertThat(lab.told()).endsWith("CLOSED");
            assertThat(mock.instances).isEmpty();
            assertThat(mock.keys).isEmpty();
            assertThat(mock.made).isEqualTo(1);
        }
    }

    @Test
    void what_happens_there_is_told_and_a_loss_only_after_two_looks() {
        try (var mock = new MockDeltacloud("mock")) {
            var lab = lab(db);
            lab.provide(account(lab, mock), lab.lasting(Duration.ofDays(1)), web());
            lab.settleFor(Duration.ofSeconds(10), SECOND);
            mock.instances.get("inst1").state = "STOPPED";
            lab.settleFor(MINUTE.multipliedBy(2), Duration.ofSeconds(20));
            assertThat(facts(lab)).containsEntry("server.status", "STOPPED");
            mock.instances.get("inst1").state = "RUNNING";
            lab.settleFor(MINUTE.multipliedBy(2), Duration.ofSeconds(20));
            assertThat(lab.told()).containsExactly("ACTIVE", "ACTIVE", "ACTIVE");
            assertThat(facts(lab)).containsEntry("server.status", "RUNNING").containsKey("key.name");

            var gone = mock.instances.remove("inst1");
            lab.settleFor(MINUTE, Duration.ofSeconds(20));
            assertThat(lab.told()).hasSize(3);
            lab.settleFor(MINUTE.multipliedBy(2), Duration.ofSeconds(20));
            assertThat(lab.told()).endsWith("LOST", "CLOSED");
            assertThat(gone.state).isEqualTo("RUNNING");
        }
    }

    @Test
    void an_outage_changes_nothing_but_the_state_of_the_provider() {
        try (var mock = new MockDeltacloud("mock")) {
            var lab = lab(db);
            var provider = account(lab, mock);
            lab.provide(provider, lab.lasting(Duration.ofDays(1)), web());
            lab.settleFor(Duration.ofSeconds(10), SECOND);
            for (int n = 0; n < 60; n++) mock.fail("GET instances", Fault.ERROR);
            lab.settleFor(MINUTE.multipliedBy(10), Duration.ofSeconds(20));
            assertThat(lab.resource(provider.id()).state()).isEqualTo("down");
            assertThat(lab.told()).containsExactly("ACTIVE");
            lab.settleFor(MINUTE.multipliedBy(60), MINUTE);
            assertThat(lab.resource(provider.id()).state()).isEqualTo("up");
            assertThat(lab.told()).containsExactly("ACTIVE");
            mock.denying = true;
            lab.settleFor(MINUTE.multipliedBy(2), MINUTE);
            assertThat(lab.resource(provider.id()).state()).isEqualTo("down");
            assertThat(lab.resource(provider.id()).message()).contains("Authentication failed");
            assertThat(lab.told()).containsExactly("ACTIVE");
        }
    }

    @Test
    void what_waits_for_credentials_goes_on_as_soon_as_there_are_others() {
        try (var mock = new MockDeltacloud("mock")) {
            var lab = lab(db);
            var provider = account(lab, mock);
            var term = lab.lasting(Duration.ofDays(1));
            var sliver = lab.provide(provider, term, web());
            lab.settleFor(Duration.ofSeconds(10), SECOND);
            mock.denying = true;
            lab.send(new Message.Amend(sliver, 1, term, web().switched(false)));
            lab.settleFor(Duration.ofSeconds(5), SECOND);
            assertThat(mock.instances.get("inst1").state).isEqualTo("RUNNING");
            mock.denying = false;
            var account = provider.as(Provider.class).account();
            lab.look(tx -> lab.clouds
                    .providers()
                    .change(tx, provider.id(), account, Optional.of(MockDeltacloud.PASSWORD), "admin")
                    .orThrow());
            lab.settleFor(Duration.ofSeconds(5), SECOND);
            assertThat(mock.instances.get("inst1").state).isEqualTo("STOPPED");
        }
    }

    /// The database is as it was when a backup was made, before the authority had heard of the instance that is
    /// there by now.
    @Test
    void what_was_asked_for_before_a_restore_is_looked_for_before_it_is_made() {
        try (var mock = new MockDeltacloud("mock")) {
            var lab = lab(db);
            var provider = account(lab, mock);
            var term = lab.lasting(Duration.ofDays(1));
            var sliver = lab.provide(provider, term, web());
            lab.settleFor(Duration.ofSeconds(10), SECOND);
            assertThat(mock.made).isOne();
            var lease = lab.lease().id();
            lab.look(tx -> {
                tx.sql().execute("delete from process where resource = ?", lease);
                tx.sql().execute("delete from resource where id = ?", lease);
                return Engine.restored(tx);
            });
            lab.boot();
            var slice = new SliceInfo(new SliceId(sliver.value()), "expo", "physics", "alice", List.of());
            lab.send(new Message.Provide(sliver, slice, provider.id(), term, web()));
            lab.settleFor(Duration.ofSeconds(10), SECOND);
            assertThat(facts(lab)).containsEntry("server.id", "inst1").containsEntry("server.status", "RUNNING");
            assertThat(mock.made).as("found by its mark").isOne();
            assertThat(mock.keys).containsOnlyKeys(facts(lab).get("key.name"));
        }
    }

    @Test
    void what_was_not_begun_at_a_cloud_that_is_away_has_failed_before_the_cloud_is_back() {
        try (var mock = new MockDeltacloud("mock")) {
            var lab = lab(db);
            var provider = account(lab, mock);
            mock.fail("POST keys", Fault.ERROR);
            mock.fail("GET keys", Collections.nCopies(200, Fault.ERROR).toArray(Fault[]::new));
            lab.provide(provider, lab.lasting(Duration.ofDays(1)), web());
            lab.settleFor(Duration.ofSeconds(30), SECOND);
            assertThat(lab.told()).containsExactly("FAILED");
            assertThat(mock.count("POST")).as("the first, without a look").isEqualTo(1);
            assertThat(mock.keys).isEmpty();
        }
    }

    @Test
    void a_key_that_cannot_be_dropped_holds_nothing_up_and_goes_at_a_later_look() {
        try (var mock = new MockDeltacloud("mock")) {
            var lab = lab(db);
            var provider = account(lab, mock);
            mock.fail("POST instances", Fault.ERROR);
            mock.fail("DELETE keys", Fault.ERROR);
            lab.provide(provider, lab.lasting(Duration.ofDays(1)), web());
            lab.settleFor(Duration.ofSeconds(30), SECOND);
            assertThat(lab.told()).containsExactly("FAILED");
            assertThat(mock.keys).hasSize(1);
            lab.settleFor(MINUTE.multipliedBy(5), Duration.ofSeconds(20));
            assertThat(mock.keys).isEmpty();
            assertThat(mock.instances).isEmpty();
        }
    }

    @Test
    void what_disappears_when_it_stops_is_stopped_and_not_lost_and_cannot_be_started() {
        try (var mock = new MockDeltacloud("openstack")) {
            var lab = lab(db);
            var behind = new Behind("openstack", true, Optional.empty(), false);
            var provider = account(lab, mock, behind);
            var term = lab.lasting(Duration.ofDays(1));
            var sliver = lab.provide(provider, term, web());
            lab.settleFor(Duration.ofSeconds(20), SECOND);
            assertThat(facts(lab)).containsEntry("server.status", "RUNNING").doesNotContainKey("key.name");
            assertThat(amended(lab, sliver, 1, term, web().switched(false))).isEmpty();
            lab.settleFor(MINUTE.multipliedBy(5), Duration.ofSeconds(20));
            assertThat(mock.instances).isEmpty();
            assertThat(lab.told()).containsOnly("ACTIVE");
            assertThat(amended(lab, sliver, 2, term, web())).contains("the instance is gone at the provider");
            assertThat(mock.made).isEqualTo(1);
            lab.send(new Message.Close(sliver));
            lab.settleFor(Duration.ofSeconds(10), SECOND);
            assertThat(lab.told()).endsWith("CLOSED");
        }
    }

    @Test
    void an_account_is_tried_before_it_is_added() {
        var lab = lab(db);
        String url;
        try (var mock = new MockDeltacloud("mock")) {
            url = mock.url().toString();
            var account = Provider.Account.deltacloud(url, Optional.empty(), MockDeltacloud.USER, 60, MOCK);
            var providers = lab.clouds.providers();
            assertThat(providers.greet(account)).isInstanceOf(Look.Seen.class);
            assertThat(providers.tryOut(account, Optional.of("wrong")))
                    .isEqualTo(new Look.Denied<>("Authentication failed"));
            assertThat(providers.tryOut(account, Optional.of(MockDeltacloud.PASSWORD)))
                    .isInstanceOfSatisfying(
                            Look.Seen.class,
                            seen -> assertThat(((CloudSupply) seen.what()).realms())
                                    .hasSize(2));
        }
        var dead = Provider.Account.deltacloud(url, Optional.empty(), MockDeltacloud.USER, 60, MOCK);
        assertThat(lab.clouds.providers().greet(dead)).isInstanceOf(Look.Away.class);
    }

    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    /// Dies once, before the commit of that number.
    private static Faults killer(int at) {
        return new Faults() {
            private boolean done;

            @Override
            public void beforeCommit(int n) {
                if (n < at || done) return;
                done = true;
                throw new Killed();
            }
        };
    }

    /// By a key of which the public half is put there.
    private static Wanted.Instance opened(String half) {
        var web = web();
        return new Wanted.Instance(
                web.name(),
                web.profile(),
                web.sizes(),
                web.image(),
                web.realm(),
                Optional.empty(),
                Optional.of(half),
                web.userData(),
                web.extras(),
                true,
                0);
    }

    /// One life; the answer of the first create is lost.
    private static final class Life implements AutoCloseable {
        final MockDeltacloud mock = new MockDeltacloud("mock");
        final CloudLab lab;
        final Wanted.Instance web;
        private int commits;
        private int keyed;

        Life(CloudLab lab, Wanted.Instance web) {
            this.lab = lab;
            this.web = web;
            mock.fail("POST instances", Fault.LOST);
        }

        void live(Optional<Faults> faults) {
            var provider = account(lab, mock);
            lab.inject(faults.orElse(new Faults() {
                @Override
                public void afterCommit(int n) {
                    commits = n;
                    if (keyed == 0 && !mock.keys.isEmpty()) keyed = n;
                }
            }));
            var sliver = provide(provider);
            go();
            assertThat(facts(lab)).containsEntry("server.status", "RUNNING");
            assertThat(mock.keys).containsOnlyKeys(facts(lab).get("key.name"));
            assertThat(mock.instances.values())
                    .extracting(one -> one.form.get("keyname"))
                    .containsExactly(facts(lab).get("key.name"));
            assertThat(mock.body("POST /api/keys").contains("public_key="))
                    .isEqualTo(web.publicKey().isPresent());
            say(new Message.Amend(sliver, 1, lab.lasting(Duration.ofDays(1)), web.switched(false)));
            assertThat(mock.instances.values()).extracting(one -> one.state).containsExactly("STOPPED");
            say(new Message.Amend(sliver, 2, lab.lasting(Duration.ofDays(1)), web));
            assertThat(mock.instances.values()).extracting(one -> one.state).containsExactly("RUNNING");
            say(new Message.Close(sliver));
            assertThat(mock.instances).isEmpty();
            assertThat(mock.keys).isEmpty();
            assertThat(lab.told()).endsWith("CLOSED");
            assertThat(mock.made).isEqualTo(1);
            lab.inject(Faults.NONE);
            lab.look(tx ->
                    lab.clouds.providers().remove(tx, provider.id(), "admin").orThrow());
            go();
        }

        private SliverId provide(Resource provider) {
            var sliver = new SliverId(provider.id()); // each life has a provider of its own
            var slice = new SliceInfo(new SliceId(sliver.value()), "expo", "physics", "alice", List.of());
            say(new Message.Provide(sliver, slice, provider.id(), lab.lasting(Duration.ofDays(1)), web));
            return sliver;
        }

        private void say(Message message) {
            try {
                lab.send(message);
            } catch (Killed _) {
                again(message);
            }
            go();
        }

        private void again(Message message) {
            lab.inject(Faults.NONE);
            lab.boot();
            lab.send(message); // who asked asks again
        }

        private void go() {
            for (int n = 0; n < 2; n++) {
                try {
                    lab.settleFor(Duration.ofSeconds(16), Duration.ofSeconds(8));
                } catch (Killed _) {
                    lab.inject(Faults.NONE);
                    lab.boot();
                }
            }
        }

        @Override
        public void close() {
            mock.close();
        }
    }

    @Test
    void a_life_goes_on_after_a_kill_before_any_write_and_one_machine_is_made() {
        int commits;
        int keyed;
        var lab = lab(db);
        try (var life = new Life(lab, web())) {
            life.live(Optional.empty());
            commits = life.commits;
            keyed = life.keyed;
        }
        assertThat(commits).isGreaterThan(20);
        for (int at = 1; at <= commits; at += STRIDE) killed(lab, web(), at);
        // when the key is there, and before and after that is on record
        for (int at = keyed; at <= keyed + 1; at++) killed(lab, opened("ssh-ed25519 AAAA me"), at);
    }

    private static void killed(CloudLab lab, Wanted.Instance web, int at) {
        lab.heard.clear();
        try (var life = new Life(lab, web)) {
            life.live(Optional.of(killer(at)));
        }
    }
}
