package holdfast.engine.handlers;

import static holdfast.engine.handlers.HandlerWorld.ADMIN;
import static holdfast.engine.handlers.HandlerWorld.STRANGER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.core.RefusedException;
import holdfast.engine.Engine;
import holdfast.engine.Hooks.Hook;
import holdfast.engine.ProcessInstance.LogLine;
import holdfast.engine.Processes;
import holdfast.engine.Resource;
import holdfast.engine.Resource.Trouble;
import holdfast.engine.handlers.Replies.Verdict;
import holdfast.platform.Json;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class HandlersTest {
    private static final String ON_START = "{\"processConfigs\": [{\"name\": \"thing.start\"}]}";
    private static final String PATIENT =
            "{\"processConfigs\": [{\"name\": \"thing.start\"}], \"retries\": 3, \"timeoutMillis\": 5000}";

    @AutoClose
    private final HandlerWorld world = new HandlerWorld();

    @Test
    void a_process_waits_for_the_handler_and_takes_over_what_it_says() {
        world.handler("san", ON_START);
        var thing = world.thing();
        var process = world.start(thing);
        assertThat(world.look(thing).state()).isEqualTo("starting");
        assertThat(world.process(process).process().waitingFor()).contains("waiting for handler san");
        assertThat(world.own).isEmpty();

        assertThat(world.say(world.onlyOpen(), "{\"data\": {\"uri\": \"iscsi://x\"}}"))
                .isEqualTo(Verdict.TAKEN);
        assertThat(world.look(thing).state()).isEqualTo("running");
        assertThat(world.look(thing).content().path("uri").asString()).isEqualTo("iscsi://x");
        assertThat(world.own).containsExactly("thing.start");
    }

    @Test
    void the_event_has_all_its_fields() {
        world.handler("san", PATIENT);
        var thing = world.thing();
        var process = world.start(thing);
        var event = world.onlyOpen().body();
        assertThat(event.propertyNames())
                .contains(
                        "id",
                        "name",
                        "replyTo",
                        "resourceType",
                        "resourceId",
                        "data",
                        "time",
                        "timeoutMillis",
                        "previousIds",
                        "previousNames",
                        "context");
        assertThat(event.path("id").asString()).isEqualTo(world.onlyOpen().id().toString());
        assertThat(event.path("name").asString()).isEqualTo("thing.start;handler=san");
        assertThat(event.path("replyTo").asString()).matches("reply\\.\\d+");
        assertThat(event.path("resourceType").asString()).isEqualTo("thing");
        assertThat(event.path("resourceId").asString())
                .isEqualTo("thing " + world.look(thing).number());
        assertThat(event.path("timeoutMillis").asInt()).isEqualTo(5000);
        assertThat(event.path("time").asLong()).isEqualTo(world.platform.now().toEpochMilli());
        assertThat(event.path("data").path("resource").path("state").asString()).isEqualTo("starting");
        assertThat(event.path("context").path("processId").asString()).isEqualTo(process.toString());
        assertThat(event.path("context").path("processName").asString()).isEqualTo("thing.start");
    }

    @Test
    void a_silent_handler_is_sent_the_same_event_again_and_then_a_new_one() {
        world.handler("san", PATIENT);
        var thing = world.thing();
        var process = world.start(thing);
        var first = world.onlyOpen();
        world.pass(Duration.ofSeconds(5));
        world.pass(Duration.ofSeconds(5));
        var third = world.onlyOpen();
        assertThat(third.id()).isEqualTo(first.id());
        assertThat(third.sends()).isEqualTo(3);
        assertThat(third.offers()).isEqualTo(3);

        world.pass(Duration.ofSeconds(5));
        assertThat(world.open()).isEmpty();
        assertThat(world.process(process).log().getLast().detail().orElseThrow())
                .contains("handler san did not answer within 5000 ms, asked 3 times");
        world.pass(Duration.ofSeconds(30));
        var next = world.onlyOpen();
        assertThat(next.id()).isNotEqualTo(first.id());
        assertThat(next.body().path("previousIds").path(0).asString())
                .isEqualTo(first.id().toString());
        assertThat(world.say(first, "{}")).isEqualTo(Verdict.LATE);
        assertThat(world.look(thing).state()).isEqualTo("starting");
        assertThat(world.say(next, "{}")).isEqualTo(Verdict.TAKEN);
        assertThat(world.look(thing).state()).isEqualTo("running");
    }

    @Test
    void a_process_goes_on_without_a_silent_handler_that_is_not_required() {
        world.handler("mail", "{\"processConfigs\": [{\"name\": \"post.thing.start\"}], \"required\": false}");
        var thing = world.thing();
        var process = world.start(thing);
        assertThat(world.own).hasSize(1);
        world.pass(Duration.ofSeconds(45));
        assertThat(world.look(thing).state()).isEqualTo("running");
        assertThat(world.process(process).log())
                .extracting(LogLine::detail)
                .anySatisfy(detail -> assertThat(detail.orElse("")).contains("it is not required"));
    }

    @Test
    void replies_that_are_not_the_answer_change_nothing_and_are_kept_with_their_verdict() {
        world.handler("san", ON_START);
        var thing = world.thing();
        var process = world.start(thing);
        var call = world.onlyOpen();
        var before = world.look(thing);
        assertThat(world.say(STRANGER, call, "{\"data\": {\"uri\": \"x\"}}")).isEqualTo(Verdict.NOT_YOURS);
        assertThat(world.say(call, "{\"previousIds\": [\"other\"], \"data\": {\"uri\": \"x\"}}"))
                .isEqualTo(Verdict.WRONG);
        assertThat(world.say(call, "{\"previousIds\": [], \"data\": {\"uri\": \"x\"}}"))
                .isEqualTo(Verdict.WRONG);
        assertThat(world.look(thing)).isEqualTo(before);

        assertThat(world.say(ADMIN, call, "{\"data\": {\"uri\": \"right\"}}")).isEqualTo(Verdict.TAKEN);
        assertThat(world.say(call, "{\"data\": {\"uri\": \"again\"}}")).isEqualTo(Verdict.TWICE);
        assertThat(world.look(thing).content().path("uri").asString()).isEqualTo("right");
        var judged = world.database.inTransaction(tx -> world.replies.of(tx, process));
        assertThat(judged)
                .extracting(Replies.Judged::verdict)
                .containsExactly("not yours", "wrong", "wrong", "taken", "twice");
    }

    @Test
    void a_reply_after_the_time_out_is_late() {
        world.handler("san", ON_START);
        var thing = world.thing();
        world.start(thing);
        var call = world.onlyOpen();
        world.pass(Duration.ofSeconds(45));
        assertThat(world.say(call, "{\"data\": {\"uri\": \"late\"}}")).isEqualTo(Verdict.LATE);
        assertThat(world.look(thing).content().has("uri")).isFalse();
    }

    @Test
    void a_call_is_sent_once_more_when_nobody_could_hear_the_answer_in_time() {
        world.handler("san", ON_START);
        world.start(world.thing());
        var call = world.onlyOpen();
        world.pass(Duration.ofMinutes(10));
        assertThat(world.onlyOpen().id()).isEqualTo(call.id());
        assertThat(world.onlyOpen().sends()).isEqualTo(2);
        assertThat(world.onlyOpen().deadline()).isEqualTo(world.platform.now().plusSeconds(45));
        world.pass(Duration.ofSeconds(45));
        assertThat(world.open()).as("silence while there was somebody to hear").isEmpty();
    }

    @Test
    void progress_is_shown_and_keeps_the_call_alive_for_a_day_at_most() {
        world.handler("san", ON_START);
        var thing = world.thing();
        world.start(thing);
        var call = world.onlyOpen();
        var progress =
                "{\"transitioning\": \"yes\", \"transitioningMessage\": \"half way\", \"transitioningProgress\": 50}";
        for (int minute = 0; minute < 10; minute++) {
            world.pass(Duration.ofSeconds(40));
            assertThat(world.say(call, progress)).isEqualTo(Verdict.PROGRESS);
        }
        assertThat(world.onlyOpen().sends()).isEqualTo(1);
        assertThat(world.look(thing).message()).contains("half way");
        assertThat(world.look(thing).progress()).contains(50);
        assertThat(world.look(thing).state()).isEqualTo("starting");

        world.pass(Duration.ofSeconds(45));
        assertThat(world.open()).as("silence after progress").isEmpty();
    }

    @Test
    void progress_moves_nothing_beyond_a_day() {
        world.handler("san", "{\"processConfigs\": [{\"name\": \"thing.start\"}], \"timeoutMillis\": 86400000}");
        world.start(world.thing());
        var call = world.onlyOpen();
        world.pass(Duration.ofHours(20));
        assertThat(world.say(call, "{\"transitioning\": \"yes\"}")).isEqualTo(Verdict.PROGRESS);
        world.pass(Duration.ofHours(5));
        assertThat(world.say(call, "{\"transitioning\": \"yes\"}")).isEqualTo(Verdict.LATE);
    }

    @Test
    void an_error_is_shown_and_the_handler_asked_again() {
        world.handler("san", ON_START);
        var thing = world.thing();
        var process = world.start(thing);
        var first = world.onlyOpen();
        assertThat(world.say(
                        first,
                        "{\"transitioning\": \"error\", \"transitioningMessage\": \"no capacity\","
                                + " \"transitioningInternalMessage\": \"detail xyz\"}"))
                .isEqualTo(Verdict.TAKEN);
        assertThat(world.look(thing).message()).contains("no capacity : detail xyz");
        assertThat(world.look(thing).state()).isEqualTo("starting");
        assertThat(world.process(process).process().attempt()).isEqualTo(1);
        world.pass(Duration.ofSeconds(3));
        var second = world.onlyOpen();
        assertThat(second.id()).isNotEqualTo(first.id());
        world.say(second, "{}");
        assertThat(world.look(thing).state()).isEqualTo("running");
        assertThat(world.look(thing).message()).isEmpty();
    }

    @Test
    void a_handler_that_always_fails_is_asked_at_ever_longer_pauses() {
        world.handler("san", ON_START);
        var process = world.start(world.thing());
        for (int n = 0; n < 6; n++) {
            world.say(world.onlyOpen(), "{\"transitioning\": \"error\", \"transitioningMessage\": \"broken\"}");
            assertThat(world.open()).as("it is left alone for a while").isEmpty();
            world.pass(Duration.ofSeconds(30));
        }
        assertThat(world.process(process).process().attempt()).isEqualTo(6);
        assertThat(world.calls()).hasSize(7);
    }

    @Test
    void a_fatal_error_ends_the_process() {
        world.handler("san", ON_START);
        var thing = world.thing();
        var process = world.start(thing);
        world.say(
                world.onlyOpen(),
                "{\"transitioning\": \"error\", \"transitioningMessage\": \"gone\", \"data\": {\"fatal\": true}}");
        assertThat(world.process(process).process().state()).isEqualTo("failed");
        assertThat(world.look(thing).state()).isEqualTo("failed");
        assertThat(world.look(thing).message().orElseThrow()).contains("gone");
    }

    @Test
    void the_process_named_for_errors_overtakes_and_the_message_stays() {
        world.handler("san", "{\"processConfigs\": [{\"name\": \"thing.start\", \"onError\": \"thing.remove\"}]}");
        var thing = world.thing();
        var process = world.start(thing);
        world.say(world.onlyOpen(), "{\"transitioning\": \"yes\", \"transitioningProgress\": 50}");
        var call = world.onlyOpen();
        world.replies.take(
                HandlerWorld.MEMBER,
                HandlerWorld.reply(call, "{\"transitioning\": \"error\", \"transitioningMessage\": \"no capacity\"}"));
        assertThat(world.look(thing).state()).isEqualTo("removing");
        assertThat(world.look(thing).message()).contains("no capacity");
        assertThat(world.look(thing).trouble()).contains(Trouble.ERROR);
        world.run();
        assertThat(world.look(thing).state()).isEqualTo("removed");
        assertThat(world.process(process).process().state()).isEqualTo("cancelled");
    }

    @Test
    void known_fields_are_set_maps_are_merged_and_the_rest_is_left_out() {
        world.handler("san", ON_START);
        var thing = world.thing();
        var process = world.start(thing);
        world.say(
                world.onlyOpen(),
                "{\"data\": {\"uri\": \"u\", \"+lun\": {\"b\": {\"c\": 2}}, \"state\": \"hacked\", \"id\": \"7\","
                        + " \"nonsense\": 1}}");
        var content = world.look(thing).content();
        assertThat(content.path("uri").asString()).isEqualTo("u");
        assertThat(content.path("lun")).isEqualTo(Json.tree("{\"a\": 1, \"b\": {\"c\": 2}}"));
        assertThat(content.has("nonsense") || content.has("id") || content.has("state"))
                .isFalse();
        assertThat(world.look(thing).state()).isEqualTo("running");
        assertThat(world.process(process).log())
                .extracting(LogLine::detail)
                .anySatisfy(detail -> assertThat(detail).contains("left out: id, state, nonsense"));
    }

    @Test
    void a_merge_does_not_overwrite_what_was_written_meanwhile() {
        world.handler("san", ON_START);
        var thing = world.thing();
        world.start(thing);
        world.replies.take(
                HandlerWorld.MEMBER, HandlerWorld.reply(world.onlyOpen(), "{\"data\": {\"+lun\": {\"b\": 2}}}"));
        world.database.inTransaction(tx -> {
            var was = world.engine.resources().lock(tx, thing).orElseThrow();
            var content = was.content();
            ((ObjectNode) content.get("lun")).put("c", 3);
            return world.engine.resources().update(tx, was.state(), was.withData(content), "test", "");
        });
        world.run();
        assertThat(world.look(thing).content().path("lun")).isEqualTo(Json.tree("{\"a\": 1, \"b\": 2, \"c\": 3}"));
    }

    @Test
    void before_come_pre_handlers_after_come_post_handlers_and_the_first_answer_on_it_is_enough() {
        world.handler("z-post", "{\"processConfigs\": [{\"name\": \"post.thing.start\"}]}");
        world.handler("b-late", "{\"priority\": 1200, \"processConfigs\": [{\"name\": \"thing.start\"}]}");
        world.handler("a-first", ON_START);
        world.handler("pre", "{\"priorityName\": \"pre\", \"processConfigs\": [{\"name\": \"thing.start\"}]}");
        var thing = world.thing();
        world.start(thing);
        for (var expected : new String[] {"pre", "a-first", "z-post"}) {
            var call = world.onlyOpen();
            assertThat(Call.handlerOf(call.name())).isEqualTo(expected);
            world.say(call, "{\"data\": {\"uri\": \"" + expected + "\"}}");
        }
        assertThat(world.look(thing).state()).isEqualTo("running");
    }

    @Test
    void further_handlers_are_asked_if_the_answer_says_so_or_says_nothing() {
        for (var name : new String[] {"a", "b", "c"}) {
            world.handler(name, ON_START);
        }
        var thing = world.thing();
        world.start(thing);
        world.say(world.onlyOpen(), "{}");
        world.say(world.onlyOpen(), "{\"shouldContinue\": true, \"data\": {\"uri\": \"b\"}}");
        world.say(world.onlyOpen(), "{\"data\": {\"uri\": \"c\"}}");
        assertThat(world.look(thing).state()).isEqualTo("running");
        assertThat(world.calls())
                .extracting(call -> Call.handlerOf(call.name()))
                .containsExactly("a", "b", "c");
    }

    @Test
    void the_order_is_priority_then_name_and_names_may_be_lists_patterns_and_carry_events() {
        var late = world.handler(
                "late", "{\"priority\": 1100, \"processConfigs\": [{\"name\": \"*.start, post.thing.*:done\"}]}");
        var beta = world.handler("beta", ON_START);
        var alpha = world.handler("alpha", "{\"processConfigs\": [{\"name\": \"THING.START\"}]}");
        var override = world.handler(
                "over", "{\"priorityName\": \"default_override\", \"processConfigs\": [{\"name\": \"*\"}]}");
        var plan = world.plan("thing.start");
        assertThat(plan.before()).isEmpty();
        assertThat(plan.on())
                .containsExactly(
                        new Hook(alpha, "thing.start;handler=alpha"),
                        new Hook(beta, "thing.start;handler=beta"),
                        new Hook(late, "thing.start;handler=late"),
                        new Hook(override, "thing.start;handler=over"));
        assertThat(plan.after()).containsExactly(new Hook(late, "done;handler=late"));
        assertThat(world.plan("other.stop").on()).extracting(Hook::name).containsExactly("other.stop;handler=over");
    }

    @Test
    void only_active_handlers_take_part_whichever_server_changed_them() {
        var handler = world.handler("san", ON_START);
        var other = new Engine(world.platform, world.database);
        var there = new Handlers(world.platform, world.database, other, world.calls, new Merging(world.types));
        other.registry().add(there);
        Supplier<List<Hook>> plan = () -> world.database.inTransaction(tx -> {
            other.registry().refresh(tx);
            return there.plan("thing.start").on();
        });
        assertThat(plan.get()).hasSize(1);
        world.change(handler, "inactive");
        assertThat(plan.get()).isEmpty();
        assertThat(world.plan("thing.start").on()).isEmpty();
        world.change(handler, "active");
        assertThat(plan.get()).hasSize(1);
    }

    @Test
    void a_handler_that_is_activated_gets_a_row_for_each_process_and_one_between_them() {
        var first = world.handler(
                "first",
                "{\"processConfigs\": [{\"name\": \"thing.start, post.Thing.*:done\", \"onError\": \"thing.remove\"}]}");
        var second = world.handler("second", "{\"processNames\": [\"thing.start\"]}");
        var processes = world.rows(Companions.PROCESS);
        assertThat(processes).extracting(Resource::name).containsExactly("thing.start", "post.thing.*");
        var maps = world.rows(Companions.MAP);
        assertThat(maps)
                .extracting(map -> map.content().path("externalHandlerId").asString())
                .containsExactly(first.toString(), first.toString(), second.toString());
        assertThat(maps)
                .extracting(
                        map -> map.content().path("externalHandlerProcessId").asString())
                .containsExactly(
                        processes.getFirst().id().toString(),
                        processes.getLast().id().toString(),
                        processes.getFirst().id().toString());
        assertThat(maps.get(1).content().path("eventName").asString()).isEqualTo("done");
        assertThat(maps.get(1).content().path("onError").asString()).isEqualTo("thing.remove");
        assertThat(Stream.concat(processes.stream(), maps.stream()))
                .extracting(Resource::state)
                .containsOnly("active");

        world.act(first, "externalhandler.deactivate");
        world.act(first, "externalhandler.activate");
        assertThat(world.rows(Companions.MAP)).as("made once").hasSize(3);
        world.act(first, "externalhandler.deactivate");
        world.act(first, "externalhandler.remove");
        assertThat(world.rows(Companions.MAP))
                .extracting(Resource::state)
                .containsExactly("removed", "removed", "active");
        assertThat(world.rows(Companions.MAP).getFirst().removed()).isPresent();
    }

    @Test
    void a_handler_takes_part_only_while_its_process_and_the_map_between_are_active() {
        var san = world.handler("san", "{\"processConfigs\": [{\"name\": \"thing.start, post.thing.start\"}]}");
        var dns = world.handler("dns", ON_START);
        var process = world.rows(Companions.PROCESS).getFirst().id();
        var map = world.rows(Companions.MAP).getFirst().id();

        world.act(map, "externalhandlerexternalhandlerprocessmap.deactivate");
        assertThat(world.plan("thing.start").on()).extracting(Hook::handler).containsExactly(dns);
        assertThat(world.plan("thing.start").after()).extracting(Hook::handler).containsExactly(san);
        world.act(process, "externalhandlerprocess.deactivate");
        assertThat(world.plan("thing.start").on()).isEmpty();
        assertThat(world.plan("thing.start").after()).hasSize(1);

        world.act(process, "externalhandlerprocess.activate");
        assertThat(world.plan("thing.start").on()).hasSize(1);
        world.act(san, "externalhandler.deactivate");
        world.act(san, "externalhandler.activate");
        assertThat(world.plan("thing.start").on())
                .as("activating the handler activates its maps")
                .extracting(Hook::handler)
                .containsExactly(dns, san);
    }

    @Test
    void a_process_that_has_begun_goes_over_what_was_switched_off_meanwhile() {
        world.handler("a", "{\"processConfigs\": [{\"name\": \"pre.thing.start\"}]}");
        world.handler("b", ON_START);
        var thing = world.thing();
        var process = world.start(thing);
        world.act(world.rows(Companions.MAP).getLast().id(), "externalhandlerexternalhandlerprocessmap.deactivate");
        world.say(world.onlyOpen(), "{}");
        assertThat(world.look(thing).state()).isEqualTo("running");
        assertThat(world.process(process).log())
                .extracting(LogLine::detail)
                .contains(Optional.of("handler b is not active any more"));
    }

    @Test
    void a_handler_that_is_deactivated_during_its_call_may_still_answer() {
        var handler = world.handler("san", PATIENT);
        var thing = world.thing();
        world.start(thing);
        var call = world.onlyOpen();
        world.change(handler, "inactive");
        assertThat(world.say(call, "{}")).isEqualTo(Verdict.TAKEN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"data\": 7}",
                "{\"transitioning\": \"perhaps\"}",
                "{\"transitioning\": 1}",
                "{\"transitioningProgress\": 101}",
                "{\"transitioningProgress\": \"x\"}",
                "{\"transitioningMessage\": {}}",
                "{\"previousIds\": \"x\"}"
            })
    void garbage_is_refused_and_the_call_stays_open(String garbage) {
        world.handler("san", ON_START);
        world.start(world.thing());
        var call = world.onlyOpen();
        assertThatThrownBy(() -> world.say(call, garbage)).isInstanceOf(RefusedException.class);
        assertThat(world.onlyOpen()).isEqualTo(call);
    }

    @Test
    void a_reply_to_nothing_is_late() {
        var body = Json.object().put("name", "reply.12345");
        assertThat(world.replies.take(ADMIN, body)).isEqualTo(Verdict.LATE);
    }

    @Test
    void what_was_overtaken_takes_no_answer_any_more() {
        world.handler("san", ON_START);
        var thing = world.thing();
        world.start(thing);
        var call = world.onlyOpen();
        world.database
                .inTransaction(tx ->
                        world.engine.processes().schedule(tx, Processes.Request.now("thing.remove", thing, "test")))
                .orThrow();
        assertThat(world.say(call, "{\"data\": {\"uri\": \"late\"}}")).isEqualTo(Verdict.LATE);
        assertThat(world.look(thing).content().has("uri")).isFalse();
        assertThat(world.look(thing).state()).isEqualTo("removed");
    }
}
