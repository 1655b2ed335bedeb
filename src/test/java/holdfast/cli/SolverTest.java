package holdfast.cli;

import static holdfast.cli.FakeServer.collection;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.platform.Json;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// `solver`, `candidate` and `peering`, and what shows steps.
@Timeout(300)
class SolverTest {
    private static final String SOLVER = """
            {"id":"1so1","type":"solver","name":"0193-b","state":"solved","sliverId":"1sv7","wanted":{"cpu":"2","memory":"4Gi"},
             "objective":"cheapest","find":"solved","buy":"solved","peer":"solved","looks":1,"contractId":"1ct2",
             "start":"2031-04-05T12:00:00Z","end":"2031-04-05T16:00:00Z","trace":"0193-a"}""";
    private static final String PURCHASE = """
            {"id":"1pu1","type":"purchase","state":"bought","rank":0,"seller":"n4@alps.example","flavor":"alps-1",
             "amounts":{"cpu":"2","memory":"4Gi"}}""";
    private static final String CANDIDATE = """
            {"id":"p/alps-1","type":"candidate","name":"alps-1","kind":"k8slice","state":"fresh","peerId":"1pe1",
             "seller":"n4@alps.example","asOf":"2031-04-05T12:00:00Z","amounts":{"cpu":"8","memory":"64Gi"}}""";
    private static final String PEERING = """
            {"id":"1pr1","type":"peering","name":"b-0193aa11","side":"buyer","site":"b-0193aa11","state":"active",
             "contract":"contract-alps-9a48","seller":"n4@alps.example","wanted":{"core":2,"ram":4},
             "granted":{"core":2,"ram":4},"end":"2031-04-05T16:00:00Z"}""";

    @AutoClose
    private final FakeServer server = new FakeServer();

    private static String step(String at, String type, String why) {
        return """
                {"id":"7-1","type":"journalEntry","kind":"step","at":"2031-04-05T12:00:0%sZ","resourceType":"%s",
                 "trace":"0193-a","why":"%s"}""".formatted(at, type, why);
    }

    @Test
    void searches_offers_and_sites_are_listed() {
        server.on("GET /v1/solvers?limit=1000", collection(SOLVER))
                .on("GET /v1/candidates?kind=k8slice&peer=alps&limit=1000", collection(CANDIDATE))
                .on("GET /v1/peerings?limit=1000", collection(PEERING));
        var run = Run.against(server);
        Run.isGolden("solver-list.txt", run.command("solver", "list").ok().out());
        Run.isGolden(
                "candidate-list.txt",
                run.command("candidate", "list", "--kind", "k8slice", "--peer", "alps")
                        .ok()
                        .out());
        Run.isGolden("peering-list.txt", run.command("peering", "list").ok().out());
        assertThat(Json.tree(
                        run.command("peering", "list", "--output", "json").ok().out()))
                .isEqualTo(Json.tree("[" + PEERING + "]"));
    }

    @Test
    void a_search_is_shown_with_what_was_asked_of_whom() {
        server.on("GET /v1/solvers/1so1", SOLVER)
                .on("GET /v1/solvers/1so1/purchases?_removed=true&limit=1000", collection(PURCHASE));
        Run.isGolden(
                "solver-show.txt",
                Run.against(server).command("solver", "show", "1so1").ok().out());
    }

    @Test
    void its_steps_are_told_with_the_milliseconds_since_the_first() {
        server.on("GET /v1/solvers/1so1", SOLVER)
                .on(
                        "GET /v1/journal?trace=0193-a&after=0&limit=1000",
                        collection(
                                step("0", "intent", "W1 #1 W2 #5 W3 #1 W4 #5 INTENT_RECEIVED: render"),
                                step("0.250", "solver", "W1 #8 SELECTOR_BUILT: asks all peers"),
                                step("1.5", "solver", "W1 #12a #13 CANDIDATE_FOUND: 2 offers fit")));
        Run.isGolden(
                "solver-trace.txt",
                Run.against(server)
                        .command("solver", "show", "1so1", "--trace")
                        .ok()
                        .out());
    }

    @Test
    void where_there_is_nothing_it_says_so() {
        server.on("GET /v1/solvers?limit=1000", collection())
                .on("GET /v1/candidates?limit=1000", collection())
                .on("GET /v1/peerings?limit=1000", collection());
        var run = Run.against(server);
        assertThat(run.command("solver", "list").ok().out()).isEqualTo("No room is looked for in other domains.\n");
        assertThat(run.command("candidate", "list").ok().out()).startsWith("No offers are known.");
        assertThat(run.command("peering", "list").ok().out())
                .isEqualTo("Nothing of other domains is used here, and nothing of ours there.\n");
    }

    @Test
    void a_search_is_started_raised_and_ended_by_hand() {
        var begun = SOLVER.replace("\"name\"", "\"transitioningMessage\":\"no need to reserve and buy\",\"name\"");
        server.on("POST /v1/solvers", 201, begun)
                .on("POST /v1/solvers/1so1?action=raise", 202, begun)
                .on("DELETE /v1/solvers/1so1", begun);
        var run = Run.against(server);
        assertThat(run.command(
                                "solver",
                                "start",
                                "--cores",
                                "2",
                                "--ram",
                                "4",
                                "--objective",
                                "greenest",
                                "--hard",
                                "latency <= 40ms",
                                "--buy")
                        .ok()
                        .out())
                .isEqualTo("1so1 is solved: no need to reserve and buy.\n");
        assertThat(Json.tree(server.posted())).isEqualTo(Json.tree("""
                        {"cores": 2, "ram": 4, "disk": 0, "objective": "greenest", "hard": ["latency <= 40ms"],
                         "wants": ["find", "buy"]}"""));
        assertThat(run.command("solver", "raise", "1so1", "--peer").ok().out()).startsWith("1so1 is solved");
        assertThat(run.command("solver", "delete", "1so1").ok().out()).isEqualTo("1so1 is over.\n");
    }
}
