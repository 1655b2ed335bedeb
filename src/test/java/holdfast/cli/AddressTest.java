package holdfast.cli;

import static holdfast.cli.FakeServer.collection;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.platform.Json;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// `address`.
@Timeout(300)
class AddressTest {
    private static final String ONE = """
            {"id":"01890a5d-ac96-774b-bcce-b302099a8057","type":"address","address":"203.0.113.99","provider":"lab",
             "network":"net-2","networkName":"outside","subnet":"subnet-2","created":"2031-04-05T12:00:00Z"}""";
    private static final String OF_NO_PROVIDER = """
            {"id":"01890a5d-ac96-774b-bcce-b302099a8058","type":"address","address":"203.0.113.100","provider":null,
             "network":"net-3","networkName":null,"subnet":"subnet-3","created":"2031-04-05T12:00:00Z"}""";

    @AutoClose
    private final FakeServer server = new FakeServer();

    @Test
    void an_address_is_set_aside() {
        server.on("POST /v1/addresses", 201, ONE);
        var ended = Run.against(server)
                .command("address", "add", "203.0.113.99", "--network", "lab/outside")
                .ok();
        assertThat(ended.out()).isEqualTo("203.0.113.99 can be reserved.\n");
        assertThat(Json.tree(server.posted())).isEqualTo(Json.tree("""
                {"network": "lab/outside", "address": "203.0.113.99"}"""));
    }

    @Test
    void addresses_are_listed_and_shown() {
        server.on("GET /v1/addresses?limit=1000", collection(ONE, OF_NO_PROVIDER))
                .on("GET /v1/addresses/203.0.113.99", ONE);
        var run = Run.against(server);
        Run.isGolden("address-list.txt", run.command("address", "list").ok().out());
        Run.isGolden(
                "address-show.txt",
                run.command("address", "show", "203.0.113.99").ok().out());
    }

    @Test
    void where_there_is_none_it_is_said_how_to_set_one_aside() {
        server.on("GET /v1/addresses?limit=1000", collection());
        assertThat(Run.against(server).command("address", "list").ok().out())
                .isEqualTo("No addresses. Set one aside:  holdfast address add ADDRESS --network NETWORK\n");
    }

    @Test
    void an_address_is_taken_out() {
        server.on("DELETE /v1/addresses/203.0.113.99", ONE);
        assertThat(Run.against(server)
                        .command("address", "remove", "203.0.113.99")
                        .ok()
                        .out())
                .isEqualTo("203.0.113.99 can be reserved no more.\n");
    }
}
