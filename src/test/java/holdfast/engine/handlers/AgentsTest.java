package holdfast.engine.handlers;

import static holdfast.db.Tables.PROCESS;
import static holdfast.engine.handlers.HandlerWorld.MEMBER;
import static holdfast.engine.handlers.HandlerWorld.reply;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.core.Caller;
import holdfast.core.Refusal;
import holdfast.db.tables.records.ProcessRecord;
import holdfast.engine.Processes.Request;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.engine.handlers.Replies.Verdict;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/// Agents on simulated time.
class AgentsTest {
    private static final Duration BEAT = Duration.ofSeconds(5);
    private static final Duration SILENCE = Duration.ofSeconds(15);

    @AutoClose
    private final HandlerWorld world = new HandlerWorld();

    AgentsTest() {
        new Agents(world.platform, world.database, world.engine, View.PLAIN, world.calls).define();
    }

    private UUID make(String type, String name, ObjectNode content) {
        return world.database.inTransaction(tx -> {
            var fresh = world.engine
                    .resources()
                    .fresh(
                            world.platform.newId(),
                            type,
                            Resources.ACTOR,
                            Optional.empty(),
                            name,
                            "requested",
                            "default",
                            content.put("kind", type));
            world.engine.resources().insert(tx, fresh, "test", "");
            var create = type.toLowerCase(java.util.Locale.ROOT) + ".create";
            world.engine
                    .processes()
                    .schedule(tx, Request.now(create, fresh.id(), "test"))
                    .orThrow();
            return fresh.id();
        });
    }

    private UUID agent(String name) {
        var id = make("agent", name, Json.object().put("uri", "sim://" + name));
        world.run();
        return id;
    }

    private String state(UUID resource) {
        return world.look(resource).state();
    }

    private static Caller key(UUID agent) {
        return new Caller(Agents.account(agent), Agents.account(agent), false);
    }

    /// The agents answer as simulated ones do.
    private void answer() {
        for (var call : world.open()) {
            Simulator.answer(world.look(call.handler()), call.event())
                    .ifPresent(said -> world.replies.take(key(call.handler()), reply(call, said.toString())));
        }
        world.run();
    }

    /// Pings that come and are answered.
    private void beat(int times) {
        for (int n = 0; n < times; n++) {
            world.pass(BEAT);
            answer();
        }
    }

    private List<Resource> all(String type) {
        return world.database.inTransaction(tx -> world.engine.resources().list(tx, Resources.typed(type), 100));
    }

    @Test
    void an_agent_is_active_when_it_has_answered_and_what_it_reports_is_kept() {
        var agent = agent("near");
        assertThat(state(agent)).isEqualTo("activating");
        var first = world.onlyOpen();
        assertThat(first.name())
                .isEqualTo("ping;agent=agent " + world.look(agent).number());
        world.pass(Duration.ofSeconds(2));
        assertThat(world.onlyOpen().id()).as("asked again").isEqualTo(first.id());
        assertThat(world.onlyOpen().sends()).isEqualTo(2);
        assertThat(world.say(MEMBER, first, "{}")).isEqualTo(Verdict.NOT_YOURS);
        assertThat(world.say(key(agent), first, "{}")).isEqualTo(Verdict.TAKEN);
        assertThat(state(agent)).isEqualTo("active");

        world.pass(BEAT);
        assertThat(world.onlyOpen()
                        .body()
                        .path("data")
                        .path("options")
                        .path("resources")
                        .asBoolean())
                .isTrue();
        answer();
        for (var type :
                List.of("host", "physicalHost", "storagePool", "ipAddress", "storagePoolHostMap", "hostIpAddressMap")) {
            assertThat(all(type)).as(type).hasSize(1);
            assertThat(all(type).getFirst().state()).as(type).isEqualTo("active");
            assertThat(all(type).getFirst().project()).as(type).isEqualTo("default");
        }
        var host = all("host").getFirst();
        assertThat(host.content().path("agentId").asString()).isEqualTo(agent.toString());
        assertThat(host.content().path("physicalHostId").asString())
                .isEqualTo(all("physicalHost").getFirst().id().toString());
        beat(12);
        assertThat(all("host")).hasSize(1);
    }

    @Test
    void what_is_reported_again_is_brought_up_to_date_and_stays_that_of_its_agent() {
        var one = agent("one");
        answer();
        var two = agent("two");
        answer();
        world.pass(BEAT);
        var report =
                "{\"data\": {\"resources\": [{\"type\": \"host\", \"uuid\": \"h\", \"name\": \"h\", \"memory\": %d,"
                        + " \"agentId\": \"%s\"}, {\"type\": \"account\", \"uuid\": \"a\"}, 7]}}";
        for (var call : world.open()) {
            world.say(key(call.handler()), call, report.formatted(call.handler().equals(one) ? 1 : 2, one));
        }
        assertThat(all("host"))
                .extracting(host -> host.content().path("agentId").asString())
                .containsExactlyInAnyOrder(one.toString(), two.toString());
        assertThat(all("account")).isEmpty();
        world.pass(BEAT);
        for (var call : world.open()) {
            world.say(key(call.handler()), call, report.formatted(7, two));
        }
        assertThat(all("host"))
                .as("only what was asked for is kept")
                .noneMatch(host -> host.content().path("memory").asInt() == 7);
        beat(10);
        world.pass(BEAT);
        for (var call : world.open()) {
            world.say(key(call.handler()), call, report.formatted(5, two));
        }
        assertThat(all("host"))
                .hasSize(2)
                .allMatch(host -> host.content().path("memory").asInt() == 5);
    }

    private void report(Reported reported, UUID agent, String list) {
        var seen = world.look(agent);
        world.database.inTransaction(tx -> {
            reported.keep(tx, seen, Json.tree(list));
            return true;
        });
        world.run();
    }

    @Test
    void an_agent_writes_no_field_that_nobody_may_write_and_makes_nothing_public_that_is_there() {
        var agent = agent("near");
        answer();
        var reported = new Reported(world.engine, 10);
        var said = "[{\"type\": \"host\", \"uuid\": \"h\", \"computeFree\": 9, \"agentState\": \"x\","
                + " \"memory\": 4, \"isPublic\": %s}]";
        report(reported, agent, said.formatted(false));
        report(reported, agent, said.formatted(true));
        var host = all("host").getFirst().content();
        assertThat(host.path("memory").asInt()).isEqualTo(4);
        assertThat(host.path("isPublic").asBoolean()).isFalse();
        assertThat(host.has("computeFree")).isFalse();
        assertThat(host.has("agentState")).isFalse();
    }

    @Test
    void an_agent_has_only_so_many_things_however_often_it_names_others() {
        var agent = agent("near");
        answer();
        var reported = new Reported(world.engine, 4);
        for (int n = 0; n < 3; n++) {
            report(
                    reported,
                    agent,
                    "[{\"type\": \"ipAddress\", \"uuid\": \"a%d\", \"hostUuid\": \"h%d\"},".formatted(n, n)
                            + " {\"type\": \"host\", \"uuid\": \"h%d\"}]".formatted(n));
        }
        assertThat(all("host")).hasSize(2);
        assertThat(all("ipAddress")).hasSize(1);
        assertThat(all("hostIpAddressMap")).hasSize(1);
    }

    @Test
    void six_missed_pings_make_an_agent_reconnect_and_its_answer_brings_it_back() {
        var agent = agent("near");
        answer();
        beat(1);
        for (int missed = 0; missed < 6; missed++) {
            assertThat(state(agent)).isEqualTo("active");
            world.pass(BEAT);
            world.pass(SILENCE);
        }
        assertThat(state(agent)).isEqualTo("reconnecting");
        answer();
        assertThat(state(agent)).isEqualTo("active");
        beat(8);
        assertThat(state(agent)).as("pings went on").isEqualTo("active");
        assertThat(world.open()).isEmpty();
    }

    @Test
    void an_agent_has_missed_no_ping_that_it_could_not_answer_because_no_server_ran() {
        agent("near");
        answer();
        world.pass(BEAT);
        var ping = world.onlyOpen();
        world.pass(Duration.ofMinutes(10));
        assertThat(world.onlyOpen().id()).isEqualTo(ping.id());
        assertThat(world.onlyOpen().sends()).isEqualTo(2);
        answer();
        world.pass(BEAT);
        assertThat(world.onlyOpen().body().path("data").path("missed").asInt()).isZero();
    }

    private List<ProcessRecord> pings(UUID agent) {
        return world.database.inTransaction(tx -> tx.sql()
                .selectFrom(PROCESS)
                .where(PROCESS.RESOURCE.eq(agent).and(PROCESS.NAME.eq("agent.ping")))
                .orderBy(PROCESS.NUMBER)
                .fetch());
    }

    @Test
    void pings_go_on_after_one_that_was_skipped_given_up_or_cancelled() {
        var agent = agent("near");
        answer();
        List<Intervention> ways = List.of(
                world.engine.interventions()::skip,
                world.engine.interventions()::fail,
                world.engine.interventions()::cancel);
        for (var way : ways) {
            world.pass(BEAT);
            var ping = pings(agent).getLast();
            assertThat(ping.getResult()).isNull();
            assertThat(world.database.<Optional<Refusal>>inTransaction(tx -> way.on(tx, ping.getId(), "test")))
                    .isEmpty();
            world.run();
            assertThat(pings(agent).getLast().getId()).isNotEqualTo(ping.getId());
        }
        world.pass(BEAT);
        answer();
        assertThat(state(agent)).isEqualTo("active");
        assertThat(pings(agent).getLast().getResult()).isNull();
    }

    private interface Intervention {
        Optional<Refusal> on(Tx tx, UUID process, String who);
    }

    @Test
    void pings_begin_every_five_seconds_and_are_not_put_off_by_waiting() {
        var agent = agent("near");
        answer();
        world.pass(BEAT);
        world.pass(Duration.ofSeconds(3));
        answer();
        world.pass(Duration.ofSeconds(2));
        assertThat(world.open()).as("five seconds after the one before began").hasSize(1);
        for (int missed = 0; missed < 6; missed++) {
            assertThat(state(agent)).isEqualTo("active");
            world.pass(SILENCE);
        }
        assertThat(state(agent)).isEqualTo("reconnecting");
    }

    @Test
    void of_the_pings_that_have_ended_the_last_three_are_kept() {
        var agent = agent("near");
        answer();
        beat(10);
        assertThat(pings(agent))
                .hasSize(4)
                .filteredOn(ping -> ping.getResult() == null)
                .hasSize(1);
        assertThat(world.calls()).as("with their calls").hasSize(4);
    }

    @Test
    void who_is_disconnected_is_pinged_once_a_minute() {
        var agent = agent("far");
        answer();
        world.change(agent, "disconnected");
        world.pass(BEAT);
        world.pass(SILENCE);
        assertThat(world.open()).isEmpty();
        world.pass(Duration.ofSeconds(44));
        assertThat(world.open()).isEmpty();
        world.pass(Duration.ofSeconds(1));
        assertThat(world.open()).hasSize(1);
    }

    @Test
    void who_stays_away_is_disconnected_until_it_answers() {
        var agent = agent("far");
        answer();
        for (int missed = 0; missed < 6; missed++) {
            world.pass(BEAT);
            world.pass(SILENCE);
        }
        for (int n = 0; n < 35; n++) {
            world.pass(BEAT);
        }
        assertThat(state(agent)).isEqualTo("reconnecting");
        world.pass(BEAT);
        world.pass(BEAT);
        assertThat(state(agent)).isEqualTo("disconnected");
        world.pass(BEAT);
        answer();
        answer();
        assertThat(state(agent)).isEqualTo("active");
    }

    @Test
    void what_comes_to_a_host_is_told_to_its_agent_and_a_word_in_its_name_makes_it_fail() {
        var agent = agent("near");
        answer();
        beat(1);
        var host = all("host").getFirst().id();
        var instance =
                world.insert("instance", "vm compute.instance.activate::fail", "running", "{\"kind\": \"instance\"}");
        var content = Json.object().put("hostId", host.toString()).put("instanceId", instance.toString());
        var map = make("instanceHostMap", "", content.put("activateOnCreate", true));
        world.run();
        var call = world.onlyOpen();
        assertThat(call.name()).startsWith("compute.instance.activate;agent=");
        var told = call.body().path("data").path("instanceHostMap");
        assertThat(told.path("instance").path("name").asString()).startsWith("vm");
        assertThat(told.path("host").path("id").asString()).startsWith("host");
        answer();
        assertThat(state(map)).isEqualTo("activating");
        assertThat(world.look(map).message())
                .hasValueSatisfying(message -> assertThat(message).contains("Failing [compute.instance.activate]"));

        world.database.inTransaction(tx -> {
            var was = world.engine.resources().lock(tx, instance).orElseThrow();
            return world.engine.resources().update(tx, was.state(), was.renamed("vm"), "test", "");
        });
        beat(2);
        assertThat(state(map)).isEqualTo("active");
        assertThat(state(agent)).isEqualTo("active");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ping::fail", "simDisconnectAgent"})
    void a_simulated_agent_whose_name_says_so_does_not_become_active(String name) {
        var agent = agent(name);
        beat(3);
        assertThat(state(agent)).isEqualTo("activating");
    }

    @Test
    void an_agent_that_is_switched_off_is_not_pinged() {
        var agent = agent("near");
        answer();
        beat(2);
        world.database
                .inTransaction(
                        tx -> world.engine.processes().schedule(tx, Request.now("agent.deactivate", agent, "test")))
                .orThrow();
        world.run();
        world.pass(BEAT);
        world.pass(BEAT);
        assertThat(state(agent)).isEqualTo("inactive");
        assertThat(world.open()).isEmpty();
    }
}
