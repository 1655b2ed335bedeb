package holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.cli.ServerLauncher.Options;
import holdfast.cli.ServerLauncher.Running;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoTest {
    private static final String SLICE = "/v1/slices/" + Samples.ID;
    private static final String EVENTS = SLICE + "/events";

    private final FakeServer server = new FakeServer();
    private final List<Options> started = new ArrayList<>();

    @AfterEach
    void stop() {
        server.close();
    }

    private Running start(Options options) {
        started.add(options);
        var token = options.data().resolve("token");
        try {
            Files.createDirectories(options.data());
            Files.writeString(token, FakeServer.TOKEN);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return new Running() {
            @Override
            public URI url() {
                return server.url();
            }

            @Override
            public Path tokenFile() {
                return token;
            }

            @Override
            public List<String> describe() {
                return List.of("database: none, this is a test");
            }

            @Override
            public void close() {
                server.closed.set(true);
            }
        };
    }

    private FakeServer readySites() {
        var claim = "{\"state\":\"%s\",\"authority\":\"x\"}";
        var made = "{\"state\":\"delegated\",\"claimant\":null}";
        var claimed = claim.formatted("delegated");
        server.on("GET /v1/capacity?level=2", Samples.capacity(384, Samples.HOSTS));
        server.on("GET /v1/capacity?level=1", Samples.capacity(384, ""));
        server.on("GET /v1/delegations?limit=1000", FakeServer.collection(made, claimed, claim.formatted("claiming")));
        return server.on("GET /v1/delegations?limit=1000", FakeServer.collection(made, claimed, claimed, claimed));
    }

    private String normal(String text, Path data) {
        return text.replace(server.url().toString(), "URL")
                .replace(data.toString(), "DATA")
                .replace(Run.ROOT.toString(), ".");
    }

    @Test
    void the_story_is_told_and_everything_is_free_at_its_end(@TempDir Path data) {
        readySites().on("POST /v1/slices", 201, Samples.slice("Configuring", Samples.sliver("ticketing", ""))).stream(
                        EVENTS,
                        Samples.slice("Configuring", Samples.sliver("ticketed", ",\"host\":\"renc-w3\"")),
                        Samples.slice("Configuring", Samples.sliver("redeeming", Samples.progress(2, "create-vm", ""))),
                        Samples.slice("StableOK", Samples.ACTIVE))
                .stream(
                        EVENTS,
                        Samples.slice("Closing", Samples.sliver("closing", "")),
                        Samples.slice("Dead", Samples.sliver("closed", "")))
                .on("DELETE " + SLICE, 202, Samples.slice("Closing", ""));
        var ended = new Run()
                .launching(this::start)
                .on((_, _, progress) -> {
                    progress.accept("booting a tiny guest");
                    return new SubstrateCheck.Real("QEMU 7.2, software emulation");
                })
                .command("demo", "--data", data.toString())
                .ok();
        Run.isGolden("demo.txt", normal(ended.out(), data));
        assertThat(server.closed).isTrue();
        assertThat(started.getFirst().sites())
                .hasSize(3)
                .allMatch(site -> site.driver().equals("qemu"));
        assertThat(data.resolve("token")).as("a named data directory is kept").exists();
    }

    @Test
    void without_virtual_machines_it_goes_on_with_simulated_ones_and_says_so(@TempDir Path data) {
        readySites().on("POST /v1/slices", 201, Samples.slice("Configuring", "")).stream(
                        EVENTS, Samples.slice("StableOK", Samples.ACTIVE))
                .stream(EVENTS, Samples.slice("Dead", ""))
                .on("DELETE " + SLICE, 202, Samples.slice("Closing", ""));
        var ended = new Run()
                .launching(this::start)
                .command("demo", "--data", data.toString())
                .ok();
        assertThat(ended.out())
                .contains("there is no QEMU")
                .contains("apt-get install qemu")
                .contains("going on with simulated ones");
        assertThat(started.getFirst().sites()).allMatch(site -> site.driver().equals("simulated"));
    }

    @Test
    void a_slice_that_fails_is_taken_down_and_the_server_stopped() {
        readySites().on("POST /v1/slices", 201, Samples.slice("Configuring", "")).stream(
                        EVENTS, Samples.slice("StableError", Samples.REFUSED))
                .on("DELETE " + SLICE, 202, Samples.slice("Closing", ""))
                .on("GET " + SLICE, Samples.slice("Closing", ""))
                .on("GET " + SLICE, Samples.slice("Dead", ""));
        var ended = new Run().launching(this::start).command("demo", "--simulated");
        assertThat(ended.exit()).isEqualTo(ExitCode.NO_ROOM);
        assertThat(ended.out()).contains("The slice was not built");
        assertThat(server.asked()).contains("DELETE " + SLICE).endsWith("GET " + SLICE);
        assertThat(server.closed).isTrue();
        assertThat(started.getFirst().data()).as("the temporary directory").doesNotExist();
    }

    @Test
    void a_device_that_the_guest_does_not_list_is_a_failure(@TempDir Path data) {
        var unseen = Samples.ACTIVE.replace("\"vm.pci.2\":\"0000:02:00.0", "\"vm.pci.2\":\"0000:09:00.0");
        readySites().on("POST /v1/slices", 201, Samples.slice("Configuring", "")).stream(
                        EVENTS, Samples.slice("StableOK", unseen))
                .on("DELETE " + SLICE, 202, Samples.slice("Closing", ""))
                .on("GET " + SLICE, Samples.slice("Dead", ""));
        var ended = new Run()
                .launching(this::start)
                .on((_, _, _) -> new SubstrateCheck.Real("QEMU 7.2"))
                .command("demo", "--data", data.toString());
        assertThat(ended.exit()).isEqualTo(ExitCode.FAILED);
        assertThat(ended.out()).contains("NOT seen by the guest: gpu1");
    }

    @Test
    void what_is_not_free_again_is_a_failure(@TempDir Path data) {
        readySites()
                .on("GET /v1/capacity?level=2", Samples.capacity(376, Samples.HOSTS))
                .on("POST /v1/slices", 201, Samples.slice("Configuring", ""))
                .stream(EVENTS, Samples.slice("StableOK", Samples.ACTIVE))
                .stream(EVENTS, Samples.slice("Dead", ""))
                .on("DELETE " + SLICE, 202, Samples.slice("Closing", ""));
        var ended = new Run().launching(this::start).command("demo", "--simulated", "--data", data.toString());
        assertThat(ended.exit()).isEqualTo(ExitCode.FAILED);
        assertThat(ended.out()).contains("NOT everything is free again");
    }

    @Test
    void of_a_long_console_the_beginning_and_the_last_answer_are_shown() {
        assertThat(SliceDemo.excerpt(List.of(
                        "holdfast-guest ready 6.1",
                        "pci a-1 0000:00:00.0 x",
                        "end a-1",
                        "pci b-2 0000:01:00.0 x",
                        "end b-2")))
                .containsExactly("holdfast-guest ready 6.1", "pci b-2 0000:01:00.0 x", "end b-2");
        assertThat(SliceDemo.excerpt(List.of())).isEmpty();
    }
}
