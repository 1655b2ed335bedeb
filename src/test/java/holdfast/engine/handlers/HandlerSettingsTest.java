package holdfast.engine.handlers;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.engine.Hooks.Hook;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What settings say of handlers (cattle.md 6.5, 6.11).
class HandlerSettingsTest {
    private static final String ON_START = "{\"processConfigs\": [{\"name\": \"thing.start\"}]}";
    private static final String POINT = "process.thing.start.handlers.";

    @AutoClose
    private final HandlerWorld world = new HandlerWorld();

    private void set(String name, String value) {
        world.database.inTransaction(tx -> world.engine.settings().set(tx, name, Optional.of(value), "root"));
    }

    private void reset(String name) {
        world.database.inTransaction(tx -> world.engine.settings().set(tx, name, Optional.empty(), "root"));
    }

    @Test
    void a_list_names_those_that_take_part_in_its_order() {
        for (var name : new String[] {"a", "b", "c"}) {
            world.handler(name, ON_START);
        }
        set(POINT + "list", "c, nobody, a");
        assertThat(world.plan("thing.start").on()).extracting(Hook::who).containsExactly("c", "a");
        assertThat(world.plan("thing.remove").on()).isEmpty();
        set(POINT + "list", "");
        assertThat(world.plan("thing.start").on()).isEmpty();
        reset(POINT + "list");
        assertThat(world.plan("thing.start").on()).extracting(Hook::who).containsExactly("a", "b", "c");
    }

    @Test
    void who_is_excluded_takes_no_part_there_and_in_the_rest() {
        world.handler("a", "{\"processConfigs\": [{\"name\": \"thing.start, post.thing.start\"}]}");
        world.handler("b", ON_START);
        set(POINT + "exclude", "a");
        assertThat(world.plan("thing.start").on()).extracting(Hook::who).containsExactly("b");
        assertThat(world.plan("thing.start").after()).extracting(Hook::who).containsExactly("a");
        set("process.thing.start.post.listeners.exclude", "a,b");
        assertThat(world.plan("thing.start").after()).isEmpty();
    }

    @Test
    void who_is_included_is_called_though_it_hooks_into_something_else() {
        world.handler("a", "{\"processConfigs\": [{\"name\": \"other.start\"}]}");
        set("process.thing.start.pre.listeners.include", "a");
        var thing = world.thing();
        world.start(thing);
        assertThat(world.onlyOpen().name()).isEqualTo("pre.thing.start;handler=a");
        world.say(world.onlyOpen(), "{\"data\": {\"uri\": \"u\"}}");
        assertThat(world.look(thing).state()).isEqualTo("running");
        assertThat(world.look(thing).content().path("uri").asString()).isEqualTo("u");
    }

    @Test
    void the_longest_pause_between_tries_is_what_the_setting_says() {
        world.handler("san", ON_START);
        set("process.retry_max_wait.millis", "700");
        var process = world.start(world.thing());
        world.say(world.onlyOpen(), "{\"transitioning\": \"error\"}");
        assertThat(world.process(process).process().runAfter())
                .isEqualTo(world.platform.now().plusMillis(700));
    }

    @Test
    void handlers_that_do_not_say_it_are_asked_as_often_and_waited_for_as_long_as_the_settings_say() {
        set("eventing.retry", "2");
        set("eventing.timeout.millis", "3000");
        world.handler("san", ON_START);
        world.start(world.thing());
        assertThat(world.onlyOpen().body().path("timeoutMillis").asInt()).isEqualTo(3000);
        world.pass(Duration.ofSeconds(3));
        assertThat(world.onlyOpen().sends()).isEqualTo(2);
        world.pass(Duration.ofSeconds(3));
        assertThat(world.open()).isEmpty();
    }

    @Test
    void in_test_mode_a_handler_is_asked_twice_and_equal_answers_are_taken_once() {
        set("idempotent.checks", "true");
        world.handler("san", ON_START);
        var thing = world.thing();
        world.start(thing);
        var first = world.onlyOpen();
        world.say(first, "{\"data\": {\"uri\": \"u\"}}");
        assertThat(world.look(thing).content().has("uri")).isFalse();
        var second = world.onlyOpen();
        assertThat(second.body().path("previousIds").path(0).asString())
                .isEqualTo(first.id().toString());
        world.say(second, "{\"data\": {\"uri\": \"u\"}}");
        assertThat(world.look(thing).content().path("uri").asString()).isEqualTo("u");
        assertThat(world.look(thing).state()).isEqualTo("running");
        assertThat(world.calls()).extracting(Call::state).containsExactly(Call.State.VOID, Call.State.MERGED);
    }

    @Test
    void in_test_mode_answers_that_differ_are_reported_and_not_taken() {
        set("idempotent.checks", "true");
        world.handler("san", ON_START);
        var thing = world.thing();
        var process = world.start(thing);
        world.say(world.onlyOpen(), "{\"data\": {\"uri\": \"one\", \"lun\": 1}}");
        world.say(world.onlyOpen(), "{\"data\": {\"uri\": \"two\", \"lun\": 1}}");
        assertThat(world.look(thing).content().has("uri")).isFalse();
        assertThat(world.look(thing).state()).isEqualTo("starting");
        assertThat(world.process(process).log().getLast()).satisfies(line -> {
            assertThat(line.outcome()).isEqualTo("retry");
            assertThat(line.detail()).contains("handler san was asked twice, and its answers differ in: uri");
        });
        set("idempotent.checks", "false");
        world.pass(Duration.ofSeconds(3));
        world.say(world.onlyOpen(), "{\"data\": {\"uri\": \"three\"}}");
        assertThat(world.look(thing).content().path("uri").asString()).isEqualTo("three");
    }

    @Test
    void handlers_below_2000_come_before_own_steps_and_those_above_come_after() {
        world.handler("late", "{\"priority\": 2001, \"processConfigs\": [{\"name\": \"thing.start\"}]}");
        world.handler("early", "{\"priority\": 2000, \"processConfigs\": [{\"name\": \"thing.start\"}]}");
        world.handler("mail", "{\"processConfigs\": [{\"name\": \"post.thing.start\"}]}");
        var thing = world.thing();
        world.start(thing);
        assertThat(world.onlyOpen().name()).isEqualTo("thing.start;handler=early");
        assertThat(world.own).isEmpty();
        world.say(world.onlyOpen(), "{}");
        assertThat(world.onlyOpen().name()).isEqualTo("thing.start;handler=late");
        assertThat(world.own).containsExactly("thing.start");
        world.say(world.onlyOpen(), "{}");
        assertThat(world.onlyOpen().name()).isEqualTo("post.thing.start;handler=mail");
        world.say(world.onlyOpen(), "{}");
        assertThat(world.look(thing).state()).isEqualTo("running");
    }
}
