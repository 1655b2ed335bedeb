package holdfast.cli;

import static holdfast.cli.FakeServer.collection;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// `decisions`.
@Timeout(300)
class DecisionsTest {
    private static final String GRANTED = """
            {"id":"7","type":"decision","at":"2031-04-05T12:00:00.25Z","verb":"create","who":"alice","project":"physics",
             "reservation":"%s","allocation":null,"granted":true,"replayable":true,"asked":{},"versions":{},
             "answer":{"granted":{"claims":[]}},"message":null}""".formatted(Samples.ID);
    private static final String REFUSED = """
            {"id":"9","type":"decision","at":"2031-04-05T12:00:03Z","verb":"allocate","who":"bob","project":"physics",
             "reservation":null,"allocation":"%s","granted":false,"replayable":false,"asked":{},"versions":{},
             "answer":{"refused":{"message":"there is too little vcpu in p/1/a/north"}},
             "message":"there is too little vcpu in lab/north"}""".formatted(Samples.ID);

    @AutoClose
    private final FakeServer server = new FakeServer();

    @Test
    void decisions_are_listed_with_the_words_of_a_refusal() {
        server.on("GET /v1/decisions?project=physics&after=5&limit=100", collection(GRANTED, REFUSED))
                .on("GET /v1/decisions?limit=100", collection());
        var run = Run.against(server);
        Run.isGolden(
                "decisions-list.txt",
                run.command("decisions", "list", "--project", "physics", "--after", "5")
                        .ok()
                        .out());
        assertThat(run.command("decisions", "list").ok().out()).isEqualTo("No decisions.\n");
    }

    @Test
    void a_replay_follows_the_pages_and_counts() {
        server.on("GET /v1/decisions/replay", """
                        {"type":"replay","same":199,"skipped":1,"pagination":{"next":"%s/v1/decisions/replay?after=200"}}""".formatted(server.url()))
                .on("GET /v1/decisions/replay?after=200", """
                        {"type":"replay","same":3,"skipped":2,"pagination":{"next":null}}""");
        assertThat(Run.against(server).command("decisions", "replay").ok().out())
                .isEqualTo("202 decisions have the same answer again; 3 cannot be decided again.\n");
    }

    @Test
    void a_decision_that_has_another_answer_now_is_shown_and_fails() {
        server.on("GET /v1/decisions/replay", """
                {"type":"replay","same":4,"skipped":0,"different":%s,"now":{"refused":{}},"pagination":{"next":null}}""".formatted(GRANTED));
        var ended = Run.against(server).command("decisions", "replay");
        assertThat(ended.exit()).isEqualTo(ExitCode.FAILED);
        assertThat(ended.err()).isEqualTo("""
                        holdfast: decision 7 (create %s) has another answer, after 4 that have the same
                          then: {"granted":{"claims":[]}}
                          now:  {"refused":{}}
                          look at it with:  holdfast decisions list --after 6 --limit 1 -o json
                        """.formatted(Samples.ID));
    }
}
