package holdfast.api.resources;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.drivers.simulated.SimulatedSettings;
import holdfast.federation.UpstreamSeller;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Peers over the native interface.
@Timeout(300)
final class PeersApiTest {
    private static final String PEERS = "/v1/peers";

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    @AutoClose
    private final TestDomain domain =
            new TestDomain(test, SimulatedSettings.PERFECT, "src/test/resources/sim/lab-ad.graphml");

    @AutoClose
    private final UpstreamSeller upstream = new UpstreamSeller();

    private TestDomain.Reply add(String body) {
        return domain.post(domain.admin, PEERS, body.replace('\'', '"').replace("HERE", upstream.address()));
    }

    @Test
    void a_peer_is_added_shown_and_removed() {
        var added = add("{'name':'torino','address':'HERE','dialect':'doc'}");
        assertThat(added.status()).as(added.text()).isEqualTo(201);
        assertThat(added.json().path("state").stringValue()).isEqualTo("up");
        assertThat(added.json().path("address").stringValue()).isEqualTo(upstream.address());
        assertThat(added.json().path("dialect").stringValue()).isEqualTo("doc");
        assertThat(added.json().path("weak").booleanValue()).isTrue();
        assertThat(added.json().path("lastHeard").stringValue()).isNotEmpty();
        assertThat(domain.get(domain.admin, PEERS).json().path("data")).hasSize(1);
        assertThat(add("{'address':'HERE'}").status()).isEqualTo(409);

        var path = PEERS + "/" + added.json().path("id").stringValue();
        var removed = domain.delete(domain.admin, path);
        assertThat(removed.status()).as(removed.text()).isEqualTo(200);
        assertThat(removed.json().path("state").stringValue()).isEqualTo("forgotten");
        assertThat(domain.get(domain.admin, PEERS).json().path("data")).isEmpty();
        assertThat(domain.delete(domain.admin, path).status()).isEqualTo(404);
    }

    @Test
    void one_that_does_not_answer_says_why() {
        upstream.mood = UpstreamSeller.Mood.FAILS;
        var added = add("{'address':'HERE'}");
        assertThat(added.status()).isEqualTo(201);
        assertThat(added.json().path("name").stringValue()).isEqualTo(upstream.address());
        assertThat(added.json().path("state").stringValue()).isEqualTo("suspect");
        assertThat(added.json().path("transitioningMessage").stringValue()).contains("500");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | address",
                "{'address':7} | address",
                "{'address':'http://alps:30000'} | address",
                "{'address':'127.0.0.1:30000'} | this node",
                "{'address':'169.254.169.254:80'} | callbacks.allow",
                "{'address':'HERE','dialect':'xml'} | dialect",
                "{'address':'HERE','colour':'red'} | colour"
            })
    void what_is_wrong_is_named_and_nothing_is_added(String body, String named) {
        var refused = add(body);
        assertThat(refused.status()).as(refused.text()).isEqualTo(400);
        assertThat(refused.text()).contains(named);
        assertThat(domain.get(domain.admin, PEERS).json().path("data")).isEmpty();
        assertThat(upstream.heard).isEmpty();
    }

    @Test
    void only_administrators_see_and_add_peers() {
        assertThat(domain.post(TestDomain.ALICE, PEERS, "{\"address\":\"alps:1\"}")
                        .status())
                .isIn(403, 404, 405);
        assertThat(domain.get(TestDomain.ALICE, PEERS).status()).isEqualTo(404);
    }
}
