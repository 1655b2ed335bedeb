package holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.engine.RuntimeSettings.Known;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Settings that are changed while servers run (cattle.md 6.11).
final class RuntimeSettingsTest {
    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    private final Lab lab = new Lab(test);

    private void set(String name, String value) {
        lab.look(tx -> lab.engine().settings().set(tx, name, Optional.of(value), "root"));
    }

    @Test
    void while_provisioning_is_off_processes_wait_and_when_it_is_on_they_run() {
        set("provisioning.enabled", "false");
        var network = lab.create("network", "{}");
        lab.settle();
        assertThat(lab.state(network)).isEqualTo("registering");
        assertThat(lab.processes(network).getFirst().runs()).isZero();
        set("provisioning.enabled", "true");
        lab.settle();
        assertThat(lab.state(network)).isEqualTo("active");
    }

    @Test
    void what_is_removed_can_be_restored_for_as_long_as_the_setting_says() {
        set("object.remove.time.delay.seconds", "30");
        var network = lab.create("network", "{}");
        lab.settle();
        for (var verb : new String[] {"deactivate", "remove"}) {
            lab.act(network, "network." + verb).orThrow();
            lab.settle();
        }
        assertThat(lab.resource(network).content().get("removeTime").stringValue())
                .isEqualTo("2030-01-07T08:00:30Z");
    }

    @Test
    void another_server_and_the_next_one_know_what_was_set_and_what_was_reset() {
        var other = new Engine(lab.platform(), lab.database());
        set("eventing.retry", "3");
        assertThat(sends(other)).isEqualTo(3);
        lab.boot();
        assertThat(sends(lab.engine())).isEqualTo(3);
        lab.look(tx -> lab.engine().settings().set(tx, "eventing.retry", Optional.empty(), "root"));
        assertThat(sends(other)).isEqualTo(1);
    }

    @Test
    void what_another_version_has_left_does_not_count_if_it_breaks_the_rule() {
        set("eventing.retry", "many");
        assertThat(sends(lab.engine())).isEqualTo(1);
    }

    private int sends(Engine engine) {
        return lab.look(tx -> {
            engine.registry().refresh(tx);
            return engine.settings().sends();
        });
    }

    @ParameterizedTest
    @CsvSource({
        "provisioning.enabled, true, perhaps",
        "process.retry_max_wait.millis, 100, 99",
        "process.retry_max_wait.millis, 86400000, 86400001",
        "eventing.retry, 1, 0",
        "eventing.timeout.millis, 1000, 1s",
        "object.remove.time.delay.seconds, 0, -1",
        "eventing.retry, 1000, 99999999999"
    })
    void each_value_is_held_against_the_rule_of_its_setting(String name, String good, String bad) {
        var known = lab.engine().settings().find(name).orElseThrow();
        assertThat(known.rule().broken(good)).isEmpty();
        assertThat(known.rule().broken(bad)).isPresent();
        assertThat(known.rule().broken(known.standard())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "provisioning", "process.nothing.handlers.list", "process.network.create.handlers.only"})
    void nothing_else_is_a_setting(String name) {
        assertThat(lab.engine().settings().find(name)).isEmpty();
        assertThat(lab.engine().settings().find("process.network.create.pre.listeners.exclude"))
                .map(Known::standard)
                .contains("");
    }
}
