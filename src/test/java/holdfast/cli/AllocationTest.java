package holdfast.cli;

import static holdfast.cli.FakeServer.collection;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.platform.Json;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// `allocation`.
@Timeout(300)
class AllocationTest {
    private static final String ACTIVE = """
            {"id":"1a5","type":"allocation","name":"web","state":"active","project":"physics","owner":"alice","reservationId":"1r3",
            "itemId":"7d444840-9dc0-11d1-b245-5ffdce74fad2","providerId":"1p1","flavor":"1","image":"image-1","networks":[],
            "serverId":"server-1","host":"host-1","priority":"high","preemptible":false,"start":"2031-04-05T12:00:00Z","end":null,
            "leaves":null,"transitioningMessage":null}""";
    private static final String LENT = """
            {"id":"1a6","type":"allocation","name":"spare","state":"active","project":"physics","owner":"alice","reservationId":null,
            "host":"host-2","priority":"low","preemptible":true,"start":"2031-04-05T12:00:00Z","leaves":"2031-04-05T12:59:00Z"}""";

    @AutoClose
    private final FakeServer server = new FakeServer();

    @Test
    void a_server_is_made_under_a_reservation() {
        server.on("POST /v1/allocations", 201, ACTIVE);
        var ended = Run.against(server)
                .command(
                        "allocation",
                        "create",
                        "web",
                        "--flavor",
                        "m1.tiny",
                        "--image",
                        "cirros",
                        "--reservation",
                        "expo",
                        "--network",
                        "inside",
                        "--end",
                        "2031-04-05 12:00",
                        "--on-start")
                .ok();
        assertThat(ended.out()).isEqualTo("1a5  web is active on host-1.\n");
        assertThat(Json.tree(server.posted())).isEqualTo(Json.tree("""
                {"name": "web", "flavor": "m1.tiny", "image": "cirros", "reservation": "expo", "allocateOnStart": true,
                 "end": "2031-04-05T16:00:00Z", "networks": ["inside"]}"""));
    }

    @Test
    void one_that_could_not_be_made_is_told_with_a_status() {
        server.on(
                "POST /v1/allocations",
                201,
                "{\"id\":\"1a7\",\"name\":\"web\",\"state\":\"error\",\"transitioningMessage\":\"No valid host was found\"}");
        var ended = Run.against(server)
                .command("allocation", "create", "web", "--flavor", "m1.tiny", "--image", "cirros", "--firm");
        assertThat(ended.exit()).isEqualTo(ExitCode.FAILED);
        assertThat(ended.err())
                .contains("could not make it: No valid host was found")
                .contains("holdfast allocation destroy 1a7");
        assertThat(Json.tree(server.posted()).path("preemptible").asBoolean(true))
                .isFalse();
    }

    @Test
    void servers_are_listed_shown_and_destroyed() {
        server.on("GET /v1/allocations?limit=1000", collection(ACTIVE, LENT))
                .on("GET /v1/allocations/web", ACTIVE)
                .on("DELETE /v1/allocations/web", 202, ACTIVE.replace("\"active\"", "\"deleting\""));
        var run = Run.against(server);
        Run.isGolden(
                "allocation-list.txt", run.command("allocation", "list").ok().out());
        Run.isGolden(
                "allocation-show.txt",
                run.command("allocation", "show", "web").ok().out());
        assertThat(run.command("allocation", "destroy", "web").ok().out()).isEqualTo("web is deleting.\n");
    }
}
