package holdfast.cli;

import static holdfast.cli.FakeServer.collection;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutputTest {
    private final FakeServer server = new FakeServer();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void slices_are_a_table_with_times_of_the_local_zone() {
        server.on("GET /v1/slices?limit=1000", collection(Samples.slice("StableOK", ""), Samples.slice("Closing", "")));
        Run.isGolden(
                "slice-list.txt",
                Run.against(server).command("slice", "list").ok().out());
    }

    @Test
    void an_empty_list_says_what_to_do_next() {
        server.on("GET /v1/slices?state=Dead&_removed=true&limit=1000", collection());
        assertThat(Run.against(server)
                        .command("slice", "list", "--state", "Dead", "--removed")
                        .ok()
                        .out())
                .contains("holdfast slice create");
    }

    @Test
    void a_long_list_is_read_page_by_page_from_the_named_server_only() {
        var page = "{\"data\":[" + Samples.slice("StableOK", "")
                + "],\"pagination\":{\"next\":\"http://192.0.2.1/v1/slices?limit=1&marker=x\"}}";
        server.on("GET /v1/slices?limit=1", page);
        assertThat(Run.against(server)
                        .command("slice", "list", "--limit", "1")
                        .ok()
                        .out())
                .contains("demo");
        var full = collection(java.util.Collections.nCopies(1000, Samples.slice("StableOK", ""))
                        .toArray(String[]::new))
                .replace("\"next\":null", "\"next\":\"http://192.0.2.1/v1/slices?limit=1000&marker=x\"");
        server.on("GET /v1/slices?limit=1000", full)
                .on("GET /v1/slices?limit=1000&marker=x", collection(Samples.slice("Dead", "")));
        assertThat(Run.against(server)
                        .command("slice", "list", "--limit", "5000")
                        .ok()
                        .out()
                        .lines())
                .hasSize(1002);
    }

    @Test
    void a_slice_shows_the_addresses_of_the_lease_beside_those_of_the_guest() {
        server.on("GET /v1/slices/demo?include=slivers", Samples.slice("StableOK", Samples.ACTIVE));
        Run.isGolden(
                "slice-show.txt",
                Run.against(server).command("slice", "show", "demo").ok().out());
        Run.isGolden(
                "slice-show.json",
                Run.against(server)
                        .command("slice", "show", "demo", "-o", "json")
                        .ok()
                        .out());
        Run.isGolden(
                "slice-show.yaml",
                Run.against(server)
                        .command("slice", "show", "demo", "-o", "yaml")
                        .ok()
                        .out());
    }

    @Test
    void a_failed_slice_tells_why() {
        server.on("GET /v1/slices/a%20b?include=slivers", Samples.slice("Dead", Samples.REFUSED));
        Run.isGolden(
                "slice-show-failed.txt",
                Run.against(server).command("slice", "show", "a b").ok().out());
    }

    @Test
    void a_manifest_is_written_as_it_came() {
        server.onText("GET /v1/slices/demo/graph", "<graphml/>\n");
        assertThat(Run.against(server)
                        .command("slice", "show", "demo", "--graph")
                        .ok()
                        .out())
                .isEqualTo("<graphml/>\n");
    }

    @Test
    void a_table_fits_a_narrow_terminal_without_losing_a_word() {
        server.on("GET /v1/slices/demo?include=slivers", Samples.slice("StableOK", Samples.ACTIVE));
        var text = Run.against(server)
                .terminal(80)
                .command("slice", "show", "demo")
                .ok()
                .out();
        Run.isGolden("slice-show-narrow.txt", text);
    }

    @Test
    void colours_are_for_those_who_want_them() {
        server.on("GET /v1/slices?limit=1000", collection(Samples.slice("StableOK", "")));
        assertThat(Run.against(server).command("slice", "list").out()).doesNotContain("\033");
        assertThat(Run.against(server).colored().command("slice", "list").out()).contains("\033[32mStableOK\033[0m");
    }

    @Test
    void capacity_of_providers_is_shown_as_it_is_over_time_and_for_a_flavor() {
        var figures = "{\"dimension\":\"vcpu\",\"total\":64,\"available\":40,\"reserved\":16,\"allocated\":8,"
                + "\"committed\":20,\"reclaimable\":4}";
        server.on(
                        "GET /v1/capacity/quadruple",
                        "{\"dimensions\":[],\"unlimited\":[\"router\"],\"parts\":[{\"provider\":\"lab\",\"zone\":null,"
                                + "\"dimensions\":[" + figures
                                + "]},{\"provider\":\"lab\",\"zone\":\"north\",\"dimensions\":["
                                + figures + "]}]}")
                .on(
                        "GET /v1/capacity/profile?zone=north&end=2031-04-05T14%3A00%3A00Z&dimension=vcpu",
                        "{\"steps\":[{\"start\":\"2031-04-05T12:00:00Z\",\"end\":\"2031-04-05T14:00:00Z\",\"dimensions\":["
                                + figures + "]}],\"truncated\":true}")
                .on(
                        "GET /v1/capacity/flavors?flavor=large&count=9",
                        "{\"flavors\":[{\"flavor\":\"large\",\"vcpus\":8,\"memoryMb\":16384,\"diskGb\":80,\"count\":5,"
                                + "\"wanted\":9,\"earliest\":\"2031-04-05T16:00:00Z\"}]}");
        var run = Run.against(server);
        Run.isGolden(
                "capacity-providers.txt",
                run.command("capacity", "--provider", "all").ok().out()
                        + run.command("capacity", "--zone", "north", "--profile", "--dimension", "vcpu", "--end", "+2h")
                                .ok()
                                .out()
                        + run.command("capacity", "--flavor", "large", "--count", "9")
                                .ok()
                                .out());
        assertThat(run.command("capacity", "--flavor", "large", "--profile").exit())
                .isEqualTo(ExitCode.USAGE);
    }

    @Test
    void capacity_shows_what_is_free_of_what_there_is() {
        server.on("GET /v1/capacity?level=1&format=json", Samples.capacity(384, ""));
        Run.isGolden(
                "capacity-1.txt", Run.against(server).command("capacity").ok().out());
        server.on(
                "GET /v1/capacity?level=2&start=2031-04-05T14%3A00%3A00Z&end=2031-04-12T04%3A00%3A00Z&format=json",
                Samples.capacity(376, Samples.HOSTS));
        Run.isGolden(
                "capacity-2.txt",
                Run.against(server)
                        .command("capacity", "--level", "2", "--start", "+2h", "--end", "2031-04-12")
                        .ok()
                        .out());
    }

    @Test
    void the_model_itself_is_written_as_it_came() {
        server.onText("GET /v1/capacity?level=0&format=graphml", "<graphml/>");
        assertThat(Run.against(server)
                        .command("capacity", "--level", "0", "--graph", "graphml")
                        .ok()
                        .out())
                .isEqualTo("<graphml/>\n");
        assertThat(Run.against(server).command("capacity", "--level", "0").exit())
                .isEqualTo(ExitCode.USAGE);
    }

    @Test
    void sites_tell_on_what_they_run_and_who_claimed_them() {
        var site =
                "{\"id\":\"s1\",\"type\":\"site\",\"name\":\"renc\",\"state\":\"active\",\"actor\":\"renc\",\"code\":\"RENC\",\"driver\":\"QEMU 7.2, software emulation\"}";
        server.on("GET /v1/sites?limit=1000", collection(site)).on("GET /v1/sites/RENC", site);
        server.on(
                "GET /v1/delegations?limit=1000",
                collection(
                        "{\"name\":\"renc/primary\",\"state\":\"delegated\",\"actor\":\"renc\",\"claimant\":\"broker\"}",
                        "{\"name\":\"renc/primary\",\"state\":\"delegated\",\"actor\":\"broker\",\"authority\":\"renc\"}"));
        server.on("GET /v1/capacity?level=2", Samples.capacity(384, Samples.HOSTS));
        Run.isGolden(
                "site-list.txt",
                Run.against(server).command("site", "list").ok().out());
        Run.isGolden(
                "site-show.txt",
                Run.against(server).command("site", "show", "RENC").ok().out());
    }

    @Test
    void an_advertisement_is_checked_without_a_server() {
        var file = Run.ROOT.resolve("examples/fabric/renc-site-ad.graphml").toString();
        Run.isGolden(
                "site-load.txt",
                new Run().command("site", "load", file).ok().out().replace(Run.ROOT.toString(), "."));
        assertThat(new Run().command("site", "load", file, "-o", "json").ok().out())
                .contains("\"hosts\" : 3");
    }

    @Test
    void status_shows_values_and_groups() {
        server.on("GET /v1/status", """
                {"type":"status","version":"1.0","database":"embedded PostgreSQL 18.6","started":"2031-04-05T12:00:00Z","uptimeSeconds":77,
                 "actors":[{"name":"orchestrator","role":"orchestrator"},{"name":"renc","role":"authority"}],
                 "census":{"slice":{"StableOK":2,"Closing":1},"site":{"active":3}},
                 "sites":[{"name":"renc","state":"active","authority":"renc","driver":"simulated"}]}""");
        var text = Run.against(server)
                .command("status")
                .ok()
                .out()
                .replace(server.url().toString(), "URL");
        Run.isGolden("status.txt", text);
    }

    @Test
    void processes_show_their_step_and_their_log() {
        var process = """
                {"id":"p1","type":"processInstance","name":"lease.create","state":"waiting","resource":"r1","resourceType":"lease",
                 "step":"create-vm","stepNumber":2,"steps":5,"waitingFor":"the guest to boot","created":"2031-04-05T12:00:01Z","ended":null,
                 "log":[{"at":"2031-04-05T12:00:01Z","step":"create-slice","outcome":"done","detail":null},
                        {"at":"2031-04-05T12:00:02Z","step":"create-vm","outcome":"later","detail":"waiting for the guest to boot"}]}""";
        server.on("GET /v1/processes?state=waiting&limit=50", collection(process))
                .on("GET /v1/processes/p1", process);
        Run.isGolden(
                "process-list.txt",
                Run.against(server)
                        .command("process", "list", "--state", "waiting")
                        .ok()
                        .out());
        Run.isGolden(
                "process-show.txt",
                Run.against(server).command("process", "show", "p1").ok().out());
    }

    @Test
    void the_journal_tells_who_moved_what() {
        server.on("GET /v1/journal?after=3&type=slice&limit=100", collection("""
                        {"id":"4","type":"journalEntry","at":"2031-04-05T12:00:01Z","resource":"r1","resourceType":"slice","name":"demo",
                         "from":null,"to":"Configuring","who":"admin","why":"create"}"""));
        Run.isGolden(
                "journal.txt",
                Run.against(server)
                        .command("journal", "--after", "3", "--type", "slice")
                        .ok()
                        .out());
    }

    @Test
    void the_version_needs_no_server() {
        assertThat(new Run().command("version").ok().out()).startsWith("holdfast 9.9 on Java ");
        assertThat(new Run().command("--version").ok().out()).isEqualTo("holdfast 9.9\n");
    }
}
