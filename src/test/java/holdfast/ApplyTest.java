package holdfast;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.cli.Cli;
import holdfast.cli.SubstrateCheck;
import holdfast.cli.Terminal;
import holdfast.cli.Wiring;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A cloud broker that is set up by a file, and used from the command line.
final class ApplyTest {
    private static final Path ROOT =
            Path.of(System.getProperty("holdfast.root", ".")).toAbsolutePath().normalize();

    @AutoClose
    final CloudBrokerLab lab = new CloudBrokerLab();

    private record Ended(int exit, String out, String err) {}

    private Ended holdfast(String... words) {
        var out = new StringWriter();
        var err = new StringWriter();
        var terminal =
                new Terminal(new PrintWriter(out), new PrintWriter(err), false, false, false, 100_000, ZoneOffset.UTC);
        var environment = Map.of(
                "HOLDFAST_SERVER",
                lab.url(""),
                "HOLDFAST_TOKEN",
                lab.token(),
                "NORTH_PASSWORD",
                "secret-of-north",
                "SOUTH_PASSWORD",
                "secret-of-south");
        var wiring = new Wiring(
                terminal,
                Platform.real(),
                environment,
                ROOT,
                "test",
                _ -> {
                    throw new AssertionError("no server is to be started");
                },
                (_, _, _) -> new SubstrateCheck.Real(""),
                new NoBackups());
        int exit = Cli.commandLine(wiring).execute(words);
        return new Ended(exit, out.toString(), err.toString());
    }

    private static final class NoBackups implements holdfast.cli.Backups {
        @Override
        public long save(Path data, java.util.Optional<String> database, Path file) {
            throw new AssertionError("nothing is to be saved");
        }

        @Override
        public void restore(Path file, Path data, java.util.Optional<String> database) {
            throw new AssertionError("nothing is to be restored");
        }
    }

    @Test
    void a_file_sets_a_broker_up_once_and_after_that_only_what_is_changed(@TempDir Path scratch) throws IOException {
        var example = ROOT.resolve("examples/clouds/two-clouds.yaml");
        var first = holdfast("apply", example.toString());
        assertThat(first.err()).contains("made provider account ours-north").doesNotContain("secret");
        assertThat(first.out()).startsWith("22 made, 0 changed.");

        var again = holdfast("apply", example.toString());
        assertThat(again.out()).isEqualTo("Nothing to do: all of it is as the file says.\n");
        assertThat(again.exit()).isZero();

        var changed = Files.writeString(
                scratch.resolve("changed.yaml"),
                Files.readString(example)
                        .replace("maximum_running_instances: 5,", "maximum_running_instances: 8,")
                        .replace("{name: near, score: 20", "{name: near, score: 25"));
        var plan = holdfast("apply", changed.toString(), "--dry-run");
        assertThat(plan.out()).isEqualTo("""
                ~ pool trial/dev
                    quota: maximum_running_instances=5, maximum_total_instances=10 -> maximum_running_instances=8, maximum_total_instances=10
                ~ priority group trial/dev/near
                    score: 20 -> 25
                0 would be made, 2 changed.
                """);
        assertThat(holdfast("apply", changed.toString()).out()).isEqualTo("0 made, 2 changed.\n");
        assertThat(holdfast("apply", changed.toString(), "-o", "json").out().strip())
                .isEqualTo("[ ]");
        var pools = lab.get("/broker/pools?name=dev").path("pools");
        assertThat(pools.at("/0/quota/maximum_running_instances").asInt()).isEqualTo(8);

        var renewed = holdfast("apply", changed.toString(), "--renew", "--dry-run");
        assertThat(renewed.out())
                .contains("~ provider account ours-north")
                .contains("password=********")
                .doesNotContain("secret-of");
        assertThat(Json.tree(holdfast("apply", changed.toString(), "--renew", "-o", "json")
                                .out())
                        .valueStream()
                        .map(step -> step.path("name").asString())
                        .toList())
                .isEqualTo(List.of("ours-north", "ours-south"));
    }

    @Test
    void what_a_file_has_set_up_makes_instances_for_who_names_them() {
        assertThat(holdfast(
                                "apply",
                                ROOT.resolve("examples/clouds/two-clouds.yaml").toString())
                        .exit())
                .isZero();

        var explained = holdfast("instance", "explain", "--image", "web-os", "--hwprofile", "small", "--pool", "dev");
        assertThat(explained.out())
                .startsWith("It can be made.")
                .containsSubsequence("ours-north", "north", "0.02", "ours-south", "south", "0.03");

        var launched =
                holdfast("instance", "launch", "web", "--image", "web-os", "--hwprofile", "small", "--pool", "dev");
        assertThat(launched.err()).endsWith("web  running\n");
        assertThat(launched.out()).startsWith("web is running at ours-north");
        assertThat(lab.cloud("http://north.example/").placed()).hasSize(1);
        assertThat(holdfast("instance", "list", "--pool", "dev", "--state", "running")
                        .out())
                .contains("web", "small");
        assertThat(holdfast("pool", "quota", "dev").out()).contains("1 of 5");
        var shown = holdfast("instance", "show", "web").out();
        assertThat(shown).containsPattern("\npool +dev\n").containsPattern("\nimage +web-os\n");

        var nowhere = holdfast("instance", "launch", "--image", "nothing", "--hwprofile", "small", "--pool", "dev");
        assertThat(nowhere.err()).isEqualTo("holdfast: there is no image nothing\n  at image\n");

        assertThat(holdfast("instance", "stop", "web").out()).startsWith("web is stopped");
        assertThat(holdfast("instance", "events", "web").out()).containsSubsequence("created", "running", "stopped");
        assertThat(holdfast("instance", "destroy", "web").out()).isEqualTo("web is gone.\n");
        assertThat(holdfast("instance", "show", "web").exit()).isEqualTo(3);
        for (var words : List.of(
                "pool show dev",
                "account show ours-north",
                "image show web-os",
                "realm show europe",
                "cloud types",
                "hwprofile list --cloud any",
                "realm parts --cloud north",
                "account test ours-north",
                "image lookup web-os --account ours-south"))
            assertThat(holdfast(words.split(" ")).err()).as(words).isEmpty();
        assertThat(holdfast("realm", "show", "europe").out())
                .containsPattern("provider realms +north/north\n")
                .containsPattern("providers +south\n");
    }
}
