package holdfast;

import static holdfast.CloudBrokerLab.waitFor;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.drivers.qemu.RealGuests;
import holdfast.platform.Json;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/// This host as a cloud of a pool: real virtual machines by the interfaces of clouds.
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class QemuAccountTest {
    private static final String JSON = "application/json";

    @AutoClose
    private final CloudBrokerLab lab = new CloudBrokerLab();

    @BeforeAll
    void guests_run_here() throws IOException {
        RealGuests.substrate();
    }

    private String state(String id) {
        return lab.get("/api/instances/" + id).at("/instance/state").asString();
    }

    private void awaitState(String id, String state) {
        waitFor(() -> state(id).equals(state));
    }

    @Test
    void a_guest_is_launched_stopped_started_and_restarted_and_one_that_is_deleted_is_missed() {
        var type = lab.type("QEMU", "qemu", "qemu");
        var elsewhere = lab.send("POST", "/broker/providers", JSON, """
                {"provider": {"name": "far", "url": "http://far.example/", "provider_type": {"id": "%s"}}}
                """.formatted(type));
        assertThat(elsewhere.statusCode()).isEqualTo(422);
        assertThat(elsewhere.body()).contains("guests of QEMU run on this host");
        var account = lab.account(type, "here", "http://localhost/", "any", "any");
        lab.profile("small", 64);
        lab.image("web-os", Map.of(account, "tiny"));
        assertThat(lab.get("/broker/hardware_profiles?provider=any").toString()).contains("guest", "80", "96");

        var web = lab.launch("image_id=web-os&name=web").path("id").asString();
        awaitState(web, "RUNNING");
        for (var action : new String[] {"stop STOPPED", "start RUNNING", "reboot RUNNING"}) {
            var words = action.split(" ");
            assertThat(lab.form("/api/instances/" + web + "/" + words[0], "").statusCode())
                    .isLessThan(300);
            waitFor(() ->
                    lab.get("/cimi/machines/" + web).path("state").asString().equals(cimi(words[1])));
            awaitState(web, words[1]);
            waitFor(() ->
                    !lab.get("/api/instances/" + web).at("/instance/actions").isEmpty());
        }
        var refused = lab.form("/api/instances", "image_id=web-os&name=large&hwp_memory=4096");
        assertThat(refused.statusCode()).as(refused.body()).isBetween(400, 499);
        assertThat(lab.send("DELETE", "/broker/provider_accounts/" + account, "", "")
                        .statusCode())
                .isEqualTo(409);

        lab.deleteBehindOurBack(account);
        lab.lookNow(account);
        lab.lookNow(account);
        awaitState(web, "ERROR");
        var events = lab.get("/cimi/event_logs/" + web + "/events").toString();
        assertThat(events).contains("vanished");
        assertThat(lab.send("DELETE", "/api/instances/" + web, "", "").statusCode())
                .isLessThan(300);
        waitFor(() -> Json.tree(lab.send("GET", "/api/instances", "", "").body())
                .path("instances")
                .isEmpty());
        lab.send("DELETE", "/broker/images/web-os", "", "");
        waitFor(() -> lab.send("DELETE", "/broker/provider_accounts/" + account, "", "")
                        .statusCode()
                == 204);
    }

    private static String cimi(String state) {
        return state.equals("RUNNING") ? "STARTED" : state;
    }
}
