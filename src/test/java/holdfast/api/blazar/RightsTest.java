package holdfast.api.blazar;

import static holdfast.api.blazar.BlazarLab.ALICE;
import static holdfast.api.blazar.BlazarLab.ANN;
import static holdfast.api.blazar.BlazarLab.BOB;
import static holdfast.api.blazar.BlazarLab.HOSTS;
import static holdfast.api.blazar.BlazarLab.LEASES;
import static holdfast.api.blazar.BlazarLab.hosts;
import static holdfast.api.blazar.BlazarLab.lease;
import static holdfast.api.blazar.BlazarLab.path;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.api.IdentityLab;
import holdfast.platform.Json;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Readers, members, administrators, and leases of others (promise.md 5.4).
@Timeout(300)
class RightsTest {
    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    @AutoClose
    private final BlazarLab lab = new BlazarLab(test);

    /// Bob in physics, where he may only read.
    private String reader() {
        var body = "{\"auth\": {\"identity\": %s, \"scope\": %s}}"
                .formatted(IdentityLab.password("bob", BOB), IdentityLab.project("physics"));
        return lab.call("POST", "/identity/v3/auth/tokens", "", body)
                .header("x-subject-token")
                .orElseThrow();
    }

    @Test
    void who_shows_no_token_is_told_in_keystones_shape() {
        for (var token : new String[] {"", "nonsense"}) {
            var answer = lab.call("GET", LEASES, token, "");
            assertThat(answer.status()).isEqualTo(401);
            assertThat(Json.tree(answer.text())).isEqualTo(Json.tree("""
                                    {"error": {"message": "The request you have made requires authentication.", "code": 401, "title": "Unauthorized"}}"""));
            assertThat(answer.header("www-authenticate")).hasValue("Keystone uri=\"" + lab.address() + "/identity\"");
        }
        var remembered = lab.call("GET", LEASES, "", "", "Authorization", "Bearer " + ALICE);
        assertThat(remembered.status())
                .as("what browsers remember does not count")
                .isEqualTo(401);
    }

    @Test
    void members_share_the_leases_of_their_project_and_administrators_see_all() {
        var made = lab.made(ALICE, lease("expo"));
        lab.made(BOB, lease("bob"));
        assertThat(lab.json("GET", LEASES, ALICE, "").get("leases")).hasSize(1);
        assertThat(lab.json("GET", LEASES, lab.admin, "").get("leases")).hasSize(2);
        assertThat(lab.show(ANN, made)).isEqualTo(made);
        assertThat(lab.call("DELETE", path(made), ANN, "").status()).isEqualTo(204);
    }

    @Test
    void nobody_sees_or_changes_leases_of_others_by_their_id_bug_2120655() {
        var made = lab.made(ALICE, lease("expo"));
        assertThat(lab.refused(404, "GET", path(made), BOB, "")).isEqualTo("Lease not found");
        assertThat(lab.refused(404, "DELETE", path(made), BOB, "")).isEqualTo("Lease not found");
        assertThat(lab.refused(404, "PUT", path(made), BOB, "{\"name\": \"mine\"}"))
                .isEqualTo("Lease not found");
        assertThat(lab.show(ALICE, made)).isEqualTo(made);
    }

    @Test
    void a_reader_looks_and_changes_nothing() {
        var made = lab.made(ALICE, lease("expo"));
        var reader = reader();
        assertThat(lab.show(reader, made)).isEqualTo(made);
        assertThat(lab.refused(403, "POST", LEASES, reader, lease("x"))).contains("member");
        assertThat(lab.refused(403, "DELETE", path(made), reader, "")).contains("member");
        assertThat(lab.json("GET", LEASES, reader, "").get("leases")).hasSize(1);
    }

    @Test
    void hosts_are_for_administrators() {
        for (var path : new String[] {HOSTS, HOSTS + "/1"})
            assertThat(lab.refused(403, "GET", path, ALICE, "")).contains("admin");
        assertThat(lab.refused(403, "POST", HOSTS, ALICE, "{\"name\": \"host-1\"}"))
                .contains("admin");
        assertThat(lab.refused(403, "PUT", HOSTS + "/1", ALICE, "{\"a\": \"b\"}"))
                .contains("admin");
        assertThat(lab.refused(403, "DELETE", HOSTS + "/1", ALICE, "")).contains("admin");
        assertThat(lab.refused(403, "PATCH", HOSTS + "/properties/a", ALICE, "{\"private\": true}"))
                .contains("admin");
    }

    @Test
    void members_see_when_hosts_are_reserved_and_not_by_whom() {
        var own = lab.made(ALICE, lease("own", hosts(1, 1, "")));
        var other = lab.made(BOB, lease("other", hosts(1, 1, "")));
        var seen = lab.json("GET", HOSTS + "/allocations", ALICE, "");
        assertThat(seen.get("allocations")).hasSize(4);
        assertThat(seen.toString())
                .contains(own.get("id").stringValue())
                .doesNotContain(other.get("id").stringValue())
                .doesNotContain(other.at("/reservations/0/id").stringValue())
                .contains("\"lease_id\":null");
        assertThat(lab.json("GET", HOSTS + "/allocations", lab.admin, "").toString())
                .contains(other.get("id").stringValue());
        assertThat(lab.json(
                                "GET",
                                HOSTS + "/allocations?lease_id="
                                        + other.get("id").stringValue(),
                                ALICE,
                                "")
                        .toString())
                .doesNotContain("lease_id");
    }
}
