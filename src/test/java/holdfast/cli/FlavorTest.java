package holdfast.cli;

import static holdfast.cli.FakeServer.collection;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.platform.Json;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// `flavor` and `contract`.
@Timeout(300)
class FlavorTest {
    private static final String FLAVOR = """
            {"id":"1fl1","type":"flavor","name":"edge","state":"listed","listing":"alps-example-k8slice-7c1e",
             "left":{"cpu":"5500m","memory":"26Gi","pods":"85"}}""";
    private static final String CONTRACT = """
            {"id":"1ct1","type":"contract","name":"contract-alps-9a48","side":"seller","state":"active","buyer":"anna@b.example",
             "seller":"n4@alps.example","flavor":"alps-1","transaction":"0a-1",
             "start":"2031-04-05T12:00:00Z","end":"2031-04-06T12:00:00Z"}""";

    private static final String BOUGHT = """
            {"id":"1ct2","type":"contract","name":"contract-bay-1c55","side":"buyer","state":"active","buyer":"n4@alps.example",
             "seller":"b1@bay.example","flavor":"bay-1","transaction":"0a-2","trace":"0193",
             "start":"2031-04-05T12:00:00Z","end":"2031-04-05T18:00:00Z"}""";

    @AutoClose
    private final FakeServer server = new FakeServer();

    @Test
    void a_part_of_a_host_is_offered_with_its_pieces_and_price() {
        server.on("POST /v1/flavors", 201, FLAVOR);
        var ended = Run.against(server)
                .command(
                        "flavor",
                        "offer",
                        "edge",
                        "--cpu",
                        "8",
                        "--host",
                        "LAB-H2",
                        "--minimum",
                        "cpu=1,memory=2Gi",
                        "--price",
                        "0.40 EUR hour",
                        "--country",
                        "Italy")
                .ok();
        assertThat(ended.out()).isEqualTo("edge is offered as alps-example-k8slice-7c1e.\n");
        assertThat(Json.tree(server.posted())).isEqualTo(Json.tree("""
                {"name": "edge", "amounts": {"cpu": "8"}, "minimum": {"cpu": "1", "memory": "2Gi"}, "hostId": "LAB-H2",
                 "price": {"amount": "0.40", "currency": "EUR", "period": "hour"}, "location": {"country": "Italy"}}"""));
    }

    @Test
    void machines_of_one_size_are_offered_by_their_number() {
        server.on("POST /v1/flavors", 201, FLAVOR);
        Run.against(server)
                .command(
                        "flavor",
                        "offer",
                        "small",
                        "--count",
                        "3",
                        "--cpu",
                        "2",
                        "--memory",
                        "4Gi",
                        "--gpu-model",
                        "T4")
                .ok();
        assertThat(Json.tree(server.posted())).isEqualTo(Json.tree("""
                {"name": "small", "type": "vm", "count": 3, "instance": {"cpu": "2", "memory": "4Gi"}, "gpuModel": "T4"}"""));
    }

    @Test
    void a_price_without_currency_is_not_sent() {
        var ended = Run.against(server).command("flavor", "offer", "edge", "--cpu", "8", "--price", "0.40");
        assertThat(ended.exit()).isEqualTo(ExitCode.USAGE);
        assertThat(ended.err()).contains("0.40 EUR hour");
    }

    @Test
    void what_is_for_sale_and_what_is_sold_is_listed() {
        server.on("GET /v1/flavors?limit=1000", collection(FLAVOR))
                .on("GET /v1/contracts?limit=1000", collection(CONTRACT, BOUGHT))
                .on("GET /v1/contracts/contract-alps-9a48", CONTRACT);
        var run = Run.against(server);
        Run.isGolden("flavor-list.txt", run.command("flavor", "list").ok().out());
        Run.isGolden("contract-list.txt", run.command("contract", "list").ok().out());
        Run.isGolden(
                "contract-show.txt",
                run.command("contract", "show", "contract-alps-9a48").ok().out());
    }

    @Test
    void a_contract_is_asked_for_until_later() {
        server.on("POST /v1/contracts/contract-bay-1c55?action=renew", 202, BOUGHT);
        var run = Run.against(server);
        assertThat(run.command("contract", "renew", "contract-bay-1c55", "--until", "2031-05-05T08:00:00Z")
                        .ok()
                        .out())
                .isEqualTo("contract-bay-1c55: the seller is asked for it until 2031-05-05T08:00:00Z.\n");
        assertThat(Json.tree(server.posted())).isEqualTo(Json.tree("{\"until\": \"2031-05-05T08:00:00Z\"}"));
    }

    @Test
    void it_is_withdrawn_and_a_contract_released() {
        server.on("POST /v1/flavors/edge?action=withdraw", FLAVOR)
                .on(
                        "POST /v1/contracts/contract-alps-9a48?action=release",
                        202,
                        CONTRACT.replace("active", "terminated"));
        var run = Run.against(server);
        assertThat(run.command("flavor", "withdraw", "edge").ok().out()).isEqualTo("edge is offered no more.\n");
        assertThat(run.command("contract", "release", "contract-alps-9a48").ok().out())
                .isEqualTo("contract-alps-9a48 is terminated.\n");
    }
}
