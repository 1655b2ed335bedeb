package holdfast.cli;

import static holdfast.cli.FakeServer.collection;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.platform.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `reservation`.
@Timeout(300)
class ReservationTest {
    private static final String POST = "POST /v1/reservations";

    @AutoClose
    private final FakeServer server = new FakeServer();

    private static String reservation(String state, String more) {
        return """
                {"id":"1r5","type":"reservation","name":"expo","state":"%s","owner":"alice","start":"2031-04-05T14:00:00Z",
                 "end":"2031-04-05T16:00:00Z","expiry":null,"goodUntil":null,"priority":50,"atRisk":false,%s
                 "items":[{"id":"0199","kind":"instances","min":3,"max":3,"zones":["lab/north"],
                   "flavor":{"vcpus":2,"memoryMb":2048,"diskGb":20},
                   "placement":[{"place":"host-1","slots":2},{"place":"host-2","slots":1}],"held":"prepared"}]}""".formatted(state, more);
    }

    private Run run() {
        return Run.against(server);
    }

    @Test
    void flags_are_the_words_of_the_request_and_providers_are_awaited() {
        server.on(POST, 202, reservation("initialized", ""))
                .on("GET /v1/reservations/1r5", reservation("initialized", ""))
                .on("GET /v1/reservations/1r5", reservation("reserved", ""));
        var ended = run().command(
                        "reservation",
                        "create",
                        "expo",
                        "--flavor",
                        "small",
                        "--count",
                        "3",
                        "--zone",
                        "north",
                        "--start",
                        "+2h",
                        "--for",
                        "2h",
                        "--priority",
                        "70")
                .ok();
        assertThat(Json.tree(server.posted())).isEqualTo(Json.tree("""
                {"name": "expo", "start": "2031-04-05T14:00:00Z", "durationSeconds": 7200, "priority": 70,
                 "items": [{"kind": "instances", "flavor": "small", "min": 3, "zones": ["north"]}]}"""));
        assertThat(ended.err()).isEqualTo("expo  initialized\nexpo  reserved\n");
        assertThat(ended.out())
                .isEqualTo("expo (1r5) is reserved, from 2031-04-05 10:00 to 2031-04-05 12:00:"
                        + " 3 servers of 2 vcpus, 2048 MB, 20 GB in lab/north.\n");
    }

    @Test
    void hosts_quantities_and_offers_are_asked_for() {
        server.on(POST, 201, reservation("held", "\"goodUntil\":\"2031-04-05T12:01:00Z\","));
        var ended = run().command(
                        "reservation",
                        "create",
                        "expo",
                        "--hosts",
                        "2",
                        "--where",
                        "[\">=\", \"$vcpus\", \"16\"]",
                        "--amount",
                        "vcpu=8",
                        "--amount",
                        "memory_mb=1024",
                        "--provider",
                        "lab",
                        "--end",
                        "2031-04-05T20:00:00Z",
                        "--hold",
                        "60s")
                .ok();
        assertThat(Json.tree(server.posted())).isEqualTo(Json.tree("""
                {"name": "expo", "end": "2031-04-05T20:00:00Z", "hold": true, "ttlSeconds": 60,
                 "items": [{"kind": "hosts", "min": 2, "provider": "lab", "query": "[\\">=\\", \\"$vcpus\\", \\"16\\"]"},
                           {"kind": "quantity", "amounts": {"vcpu": 8, "memory_mb": 1024}, "provider": "lab"}]}"""));
        assertThat(ended.out()).contains("holdfast reservation confirm 1r5").contains("08:01:00");
    }

    @Test
    void a_request_may_stand_in_a_file(@TempDir Path scratch) throws IOException {
        server.on(POST, 201, reservation("reserved", ""));
        var file = Files.writeString(
                scratch.resolve("expo.yaml"), "name: expo\ndurationSeconds: 60\nitems:\n  - {kind: hosts, min: 1}\n");
        run().command("reservation", "create", "-f", file.toString(), "--for", "1h")
                .ok();
        assertThat(Json.tree(server.posted()))
                .isEqualTo(
                        Json.tree(
                                "{\"name\": \"expo\", \"durationSeconds\": 3600, \"items\": [{\"kind\": \"hosts\", \"min\": 1}]}"));
        var broken = Files.writeString(scratch.resolve("broken.yaml"), "name: [\n");
        assertThat(run().command("reservation", "create", "-f", broken.toString())
                        .exit())
                .isEqualTo(ExitCode.FAILED);
    }

    @Test
    void a_refusal_says_what_could_be_had_instead() {
        server.on(POST, 507, """
                {"type":"error","status":507,"code":"NoRoom","message":"too few hosts are free in lab/north",
                 "certificate":{"place":"lab/north","dimension":"host","at":"2031-04-05T14:00:00Z","wanted":2,"free":1},
                 "alternatives":[
                   {"kind":"earliest","request":{"start":"2031-04-05T18:00:00Z","end":"2031-04-05T20:00:00Z",
                      "items":[{"kind":"hosts","min":2,"max":2,"zones":["lab/north"]}]}},
                   {"kind":"max","request":{"start":"2031-04-05T14:00:00Z","end":"2031-04-05T16:00:00Z",
                      "items":[{"kind":"hosts","min":1,"max":1,"zones":["lab/north"]}]}}]}""");
        var refused = run().command("reservation", "create", "expo", "--hosts", "2", "--zone", "north");
        assertThat(refused.exit()).isEqualTo(ExitCode.NO_ROOM);
        Run.isGolden("reservation-refused.err.txt", refused.err());
    }

    @Test
    void what_a_provider_refuses_in_the_end_is_a_failure() {
        server.on(POST, 202, reservation("initialized", ""))
                .on(
                        "GET /v1/reservations/1r5",
                        reservation("rejected", "\"error\":{\"message\":\"the cloud says no\"},"));
        var ended = run().command("reservation", "create", "expo", "--hosts", "1");
        assertThat(ended.exit()).isEqualTo(ExitCode.FAILED);
        assertThat(ended.err()).contains("the cloud says no");
    }

    @Test
    void a_dry_run_shows_where_it_would_be() {
        server.on("POST /v1/reservations?dryRun=true", reservation("", ""));
        var plan = run().command("reservation", "create", "expo", "--hosts", "1", "--dry-run")
                .ok();
        assertThat(plan.out()).contains("host-1 x2, host-2").contains("Nothing was kept.");
    }

    @Test
    void the_count_of_an_item_is_changed_in_its_own_words_and_quantities_have_none() {
        var kind =
                "{\"id\":\"1r5\",\"name\":\"expo\",\"items\":[{\"id\":\"0199\",\"kind\":\"%s\",\"amounts\":{\"vcpu\":2}}]}";
        server.on("GET /v1/reservations/expo", kind.formatted("quantity"));
        var refused = run().command("reservation", "update", "expo", "--count", "5");
        assertThat(refused.exit()).isEqualTo(ExitCode.USAGE);
        assertThat(refused.err()).contains("--count is of hosts, servers and addresses, and the item is 2 vcpu");
        server.on("GET /v1/reservations/web", kind.formatted("addresses"))
                .on("PUT /v1/reservations/web", reservation("reserved", ""));
        run().command("reservation", "update", "web", "--count", "5").ok();
        assertThat(Json.tree(server.requests.getLast().body()))
                .isEqualTo(Json.tree("{\"items\": [{\"id\": \"0199\", \"count\": 5}]}"));
        var other = run().command("reservation", "update", "web", "--count", "5", "--item", "7");
        assertThat(other.exit()).isEqualTo(ExitCode.NOT_THERE);
    }

    @Test
    void a_local_time_that_clocks_leave_out_is_refused() {
        var refused = run().command(
                        "reservation", "create", "expo", "--hosts", "1", "--start", "2031-03-09 02:30", "--for", "2h");
        assertThat(refused.exit()).isEqualTo(ExitCode.USAGE);
        assertThat(refused.err())
                .contains("--start is a time that there is not in America/New_York")
                .contains("clocks go from 2031-03-09 02:00 to 2031-03-09 03:00");
    }

    @Test
    void what_is_asked_about_and_not_there_is_told_apart() {
        server.on(
                "GET /v1/capacity/quadruple?zone=mars",
                400,
                "{\"type\":\"error\",\"status\":400,\"code\":\"Malformed\",\"fieldName\":\"zone\",\"message\":\"zone is 'mars'; there are: lab/north\"}");
        assertThat(run().command("capacity", "--zone", "mars").exit()).isEqualTo(ExitCode.NOT_THERE);
    }

    @Test
    void what_makes_no_sense_is_told_before_the_server_is_asked() {
        for (var words : new String[][] {
            {"reservation", "create", "expo"},
            {"reservation", "create", "--hosts", "1"},
            {"reservation", "create", "expo", "--count", "2"},
            {"reservation", "create", "expo", "--amount", "vcpu"},
            {"reservation", "create", "expo", "--hosts", "1", "--for", "soon"},
            {"reservation", "create", "expo", "--hosts", "1", "--for", "2h", "--end", "+3h"},
            {"reservation", "update", "expo"},
        }) {
            assertThat(run().command(words).exit()).as(String.join(" ", words)).isEqualTo(ExitCode.USAGE);
        }
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void reservations_are_listed_and_shown() {
        server.on(
                        "GET /v1/reservations?limit=1000",
                        collection(reservation("active", "").replace("\"atRisk\":false", "\"atRisk\":true")))
                .on("GET /v1/reservations?state=held&limit=1000", collection())
                .on("GET /v1/reservations/expo", reservation("reserved", ""));
        Run.isGolden(
                "reservation-list.txt",
                run().command("reservation", "list").ok().out());
        Run.isGolden(
                "reservation-show.txt",
                run().command("reservation", "show", "expo").ok().out());
        assertThat(run().command("reservation", "offers").ok().out()).startsWith("No offers.");
        assertThat(Json.tree(run().command("reservation", "show", "expo", "-o", "json")
                        .ok()
                        .out()))
                .isEqualTo(Json.tree(reservation("reserved", "")));
    }

    @Test
    void offers_are_taken_and_reservations_changed_and_given_up() {
        server.on("POST /v1/reservations/1r5?action=confirm", reservation("reserved", ""))
                .on("POST /v1/reservations/open?action=activate", reservation("active", ""))
                .on("POST /v1/reservations/expo?action=cancel", 202, reservation("cancelling", ""))
                .on("GET /v1/reservations/expo", reservation("reserved", ""))
                .on("PUT /v1/reservations/expo", reservation("reserved", ""));
        assertThat(run().command("reservation", "confirm", "1r5").ok().out()).contains("is reserved");
        assertThat(run().command("reservation", "activate", "open").ok().out()).contains("is active");
        assertThat(run().command("reservation", "cancel", "expo").ok().out()).contains("is cancelling");
        run().command("reservation", "update", "expo", "--end", "+6h", "--count", "5")
                .ok();
        var body = server.requests.stream()
                .filter(request -> request.method().equals("PUT"))
                .findFirst()
                .orElseThrow()
                .body();
        assertThat(Json.tree(body))
                .isEqualTo(
                        Json.tree(
                                "{\"end\": \"2031-04-05T18:00:00Z\", \"items\": [{\"min\": 5, \"max\": 5, \"id\": \"0199\"}]}"));
    }

    @Test
    void the_calendar_is_drawn() {
        var holder = "\"holder\":{\"type\":\"reservation\",\"id\":\"%s\",\"name\":\"%s\",\"state\":\"reserved\"}";
        var bar = "{\"start\":\"2031-04-05T%s:00Z\",\"end\":\"2031-04-05T%s:00Z\",\"cleanedUntil\":%s%s}";
        server.on(
                "GET /v1/calendar?zone=north&start=2031-04-05T12%3A00%3A00Z&end=2031-04-06T00%3A00%3A00Z",
                """
                {"type":"calendar","start":"2031-04-05T12:00:00Z","end":"2031-04-06T00:00:00Z","truncated":true,"rows":[
                  {"provider":"lab","zone":"north","host":null,"bars":[],"entries":[]},
                  {"provider":"lab","zone":"north","host":"host-1","bars":[%s,%s],"entries":[]},
                  {"provider":"lab","zone":"north","host":"host-2","bars":[%s,%s],"entries":[]}]}""".formatted(
                        bar.formatted(
                                "10:00", "14:00", "\"2031-04-05T14:30:00Z\"", "," + holder.formatted("1r5", "expo")),
                        bar.formatted("16:00", "18:00", "null", ""),
                        bar.formatted("13:00", "17:00", "null", "," + holder.formatted("1r6", "fair")),
                        bar.formatted("15:00", "23:59", "null", "")));
        Run.isGolden(
                "reservation-calendar.txt",
                run().command("reservation", "calendar", "--zone", "north", "--for", "12h")
                        .ok()
                        .out());
        assertThat(run().terminal(40)
                        .command("reservation", "calendar", "--zone", "north", "--for", "12h")
                        .ok()
                        .out()
                        .lines())
                .allMatch(line -> line.length() <= 40)
                .anyMatch(line -> line.endsWith("   2031-04-05 20:00"));
        assertThat(Terminal.system(java.util.Map.of("COLUMNS", "40")).tableWidth())
                .isEqualTo(40);
    }
}
