package holdfast;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.cli.Cli;
import holdfast.cli.SubstrateCheck;
import holdfast.cli.Terminal;
import holdfast.cli.Wiring;
import holdfast.drivers.simulated.CloudPlan;
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
import tools.jackson.databind.JsonNode;

/// A cloud broker that is set up by a file, and used from the command line.
final class ApplyTest {
    private static final Path ROOT =
            Path.of(System.getProperty("holdfast.root", ".")).toAbsolutePath().normalize();

    @AutoClose
    final CloudBrokerLab lab = new CloudBrokerLab(CloudPlan.SMALL);

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
        assertThat(first.out()).startsWith("28 made, 0 changed.");

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

    private String file(Path scratch, String text) throws IOException {
        return Files.writeString(scratch.resolve("some.yaml"), text).toString();
    }

    @Test
    void what_a_file_leaves_out_of_its_lists_is_pruned_when_that_is_wanted(@TempDir Path scratch) throws IOException {
        assertThat(holdfast(
                                "apply",
                                ROOT.resolve("examples/clouds/two-clouds.yaml").toString())
                        .exit())
                .isZero();
        assertThat(lab.bob("GET", "/broker/deployables", "", "").body())
                .as("by a role of a group on the pool")
                .contains("\"shop\"");
        var less = file(scratch, """
                pools:
                  - name: dev
                    pool_family: trial
                    priority_groups: [{name: near, score: 20, providers: [north]}]
                    account_options: []
                    deployables: []
                roles: []
                users: [{name: bob}]
                permissions: [{user_group: developers, role: Pool User, pool: dev}]
                """);
        assertThat(holdfast("apply", less).out()).as("nothing by itself").startsWith("Nothing to do");
        assertThat(holdfast("apply", less, "--prune", "--dry-run").out()).isEqualTo("""
                - permission user=carol/Shop Keeper/pool_family=trial
                - permission user=carol/Deployable Administrator/deployable=trial/dev/shop
                - user carol
                - role Shop Keeper
                - deployable trial/dev/shop
                - account option trial/dev/ours-south
                - priority group trial/dev/far
                0 would be made, 0 changed, 7 removed.
                """);
        var unasked = holdfast("apply", less, "--prune");
        assertThat(unasked.exit()).isEqualTo(2);
        assertThat(unasked.err())
                .contains("- user carol\n")
                .endsWith("holdfast: 7 would be removed, and nobody is there to ask\n  say --yes if they may be\n");
        assertThat(holdfast("apply", less, "--prune", "--yes").out()).isEqualTo("0 made, 0 changed, 7 removed.\n");
        assertThat(holdfast("apply", less, "--prune", "--yes").out()).startsWith("Nothing to do");
        assertThat(lab.bob("GET", "/broker/pools", "", "").body()).contains("\"dev\"");
        assertThat(holdfast("apply", file(scratch, "permissions: []"), "--prune", "--yes")
                        .out())
                .isEqualTo("0 made, 0 changed, 1 removed.\n");
        assertThat(lab.bob("GET", "/broker/pools", "", "").body()).doesNotContain("\"dev\"");
    }

    @Test
    void what_a_file_has_set_up_makes_instances_for_who_names_them(@TempDir Path scratch) throws IOException {
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
        var used = holdfast(
                "apply", file(scratch, "pools: []\nproviders: [{name: south}]"), "--prune", "--yes", "-o", "json");
        assertThat(used.exit()).isEqualTo(1);
        assertThat(used.err())
                .contains("left pool trial/dev: dev is in use by web; remove that first\n")
                .contains("left provider north: The following Deployments have not been stopped: web\n")
                .doesNotContain("default", "south");
        assertThat(used.out()).contains("provider account ours-north", "deployable trial/dev/shop");
        assertThat(Json.tree(used.out()).at("/0/left").asString()).contains("in use");
        var shown = holdfast("instance", "show", "web").out();
        assertThat(shown).containsPattern("\npool +dev\n").containsPattern("\nimage +web-os\n");

        var nowhere = holdfast("instance", "launch", "--image", "nothing", "--hwprofile", "small", "--pool", "dev");
        assertThat(nowhere.err()).isEqualTo("holdfast: there is no image nothing\n  at image: nothing\n");

        thingsOfSimulatedAccounts();
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

    private JsonNode made(String path, String fields) {
        var answer = lab.form("/pools/dev/api/" + path, fields);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return Json.tree(answer.body()).properties().iterator().next().getValue();
    }

    private int posted(String path, String fields) {
        return lab.form("/pools/dev/api/" + path, fields).statusCode();
    }

    private int deleted(String path) {
        return lab.send("DELETE", "/pools/dev/api/" + path, "", "").statusCode();
    }

    /// A simulated cloud has more than instances, so that all of it can be tried.
    private void thingsOfSimulatedAccounts() {
        var web = lab.get("/pools/dev/api/instances").at("/instances/0/id").asString();
        var volume = made("storage_volumes", "capacity=10&name=disk");
        var at = "storage_volumes/" + volume.path("id").asString();
        assertThat(posted(at + "/attach", "device=/dev/vdb&instance_id=" + web)).isEqualTo(202);
        assertThat(lab.get("/pools/dev/api/" + at)
                        .at("/storage_volume/instance/id")
                        .asString())
                .isEqualTo(web);
        assertThat(lab.get("/pools/dev/cimi/volumes").toString()).contains("disk");
        assertThat(deleted(at)).as("it is attached").isEqualTo(409);
        var snapshot =
                made("storage_snapshots", "volume_id=" + volume.path("id").asString());
        made("storage_volumes", "snapshot_id=" + snapshot.path("id").asString());

        var key = made("keys", "name=mine");
        assertThat(key.path("pem_rsa_key").asString()).contains("PRIVATE KEY");
        assertThat(made(
                                "keys",
                                "name=known&public_key=ssh-ed25519+AAAAC3NzaC1lZDI1NTE5AAAAIC0da8GWjA/mj7ieekilgHm6gaTy5N7M8REYWd02X5kq+me")
                        .path("pem_rsa_key")
                        .asString(""))
                .isEmpty();
        var firewall =
                made("firewalls", "name=web&description=for+all").path("id").asString();
        assertThat(made(
                                "firewalls/" + firewall + "/rules",
                                "protocol=tcp&port_from=80&port_to=80&ip_address1=192.0.2.0/24")
                        .at("/rules/0/id")
                        .asString())
                .startsWith("rule-");
        var keyed = made(
                "instances",
                "image_id=web-os&hwp_id=small&keyname=" + key.path("id").asString());
        var address = made("addresses", "").path("id").asString();
        assertThat(posted("addresses/" + address + "/associate", "instance_id=" + web))
                .isEqualTo(202);
        assertThat(lab.get("/pools/dev/api/addresses/" + address)
                        .at("/address/instance/id")
                        .asString())
                .isEqualTo(web);
        var image = made("images", "name=gold&instance_id=" + web).path("id").asString();
        CloudBrokerLab.waitFor(
                () -> lab.get("/pools/dev/api/instances/" + keyed.path("id").asString())
                        .at("/instance/state")
                        .asString()
                        .equals("RUNNING"));
        var copy = made("instances", "hwp_id=small&image_id=" + image);
        CloudBrokerLab.waitFor(
                () -> lab.get("/pools/dev/api/instances/" + copy.path("id").asString())
                        .at("/instance/state")
                        .asString()
                        .equals("RUNNING"));
        assertThat(posted(at + "/detach", "")).isEqualTo(202);
        assertThat(deleted(at)).isEqualTo(204);
    }
}
