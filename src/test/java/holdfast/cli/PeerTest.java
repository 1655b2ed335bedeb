package holdfast.cli;

import static holdfast.cli.FakeServer.collection;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.platform.Json;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// `peer`.
@Timeout(300)
class PeerTest {
    private static final String UP = """
            {"id":"1pe1","type":"peer","name":"alps","state":"up","address":"rear.alps.example:30000","dialect":"node",
             "nodeId":"n4tor1no00","domain":"alps.example","role":"node","weak":false,"missed":0,
             "lastHeard":"2031-04-05T12:00:00Z",
             "ratings":{"k8slice":{"score":0.412,"list":{"tries":31,"kept":30},"reserve":{"tries":4,"kept":0}}}}""";
    private static final String SILENT = """
            {"id":"1pe2","type":"peer","name":"10.20.0.9:30000","state":"suspect","address":"10.20.0.9:30000",
             "dialect":"node","missed":1,"transitioningMessage":"nothing listens there"}""";

    @AutoClose
    private final FakeServer server = new FakeServer();

    @Test
    void one_that_answers_is_up() {
        server.on("POST /v1/peers", 201, UP);
        var run = Run.against(server);
        assertThat(run.command("peer", "add", "rear.alps.example:30000", "--name", "alps", "--dialect", "node")
                        .ok()
                        .out())
                .isEqualTo("alps is up.\n");
        assertThat(Json.tree(server.posted())).isEqualTo(Json.tree("""
                                {"address": "rear.alps.example:30000", "name": "alps", "dialect": "node"}"""));
    }

    @Test
    void one_that_does_not_answer_is_added_and_says_why() {
        server.on("POST /v1/peers", 201, SILENT);
        assertThat(Run.against(server)
                        .command("peer", "add", "10.20.0.9:30000")
                        .ok()
                        .out())
                .isEqualTo("10.20.0.9:30000 is added. It does not answer yet: nothing listens there.\n");
    }

    @Test
    void they_are_listed_shown_and_removed() {
        server.on("GET /v1/peers?limit=1000", collection(UP, SILENT))
                .on("GET /v1/peers/alps", UP)
                .on("DELETE /v1/peers/alps", UP.replace("\"up\"", "\"forgotten\""));
        var run = Run.against(server);
        Run.isGolden("peer-list.txt", run.command("peer", "list").ok().out());
        Run.isGolden("peer-show.txt", run.command("peer", "show", "alps").ok().out());
        assertThat(run.command("peer", "remove", "alps").ok().out()).isEqualTo("alps is removed.\n");
    }

    @Test
    void without_any_it_says_how_to_add_one() {
        server.on("GET /v1/peers?limit=1000", collection());
        assertThat(Run.against(server).command("peer", "list").ok().out())
                .isEqualTo("No peers. Add one:  holdfast peer add HOST:PORT\n");
    }
}
