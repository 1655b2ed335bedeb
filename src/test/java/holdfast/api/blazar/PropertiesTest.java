package holdfast.api.blazar;

import static holdfast.api.blazar.BlazarLab.ALICE;
import static holdfast.api.blazar.BlazarLab.HOSTS;
import static holdfast.api.blazar.BlazarLab.LEASES;
import static holdfast.api.blazar.BlazarLab.hosts;
import static holdfast.api.blazar.BlazarLab.lease;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.platform.Json;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The properties of hosts as administrators and as users see them.
@Timeout(300)
class PropertiesTest {
    private static final String PATH = HOSTS + "/properties";

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    @AutoClose
    private final BlazarLab lab = new BlazarLab(test);

    @BeforeEach
    void describe() {
        var number = 0;
        for (var host : lab.json("GET", HOSTS, lab.admin, "").get("hosts")) {
            lab.json(
                    "PUT",
                    HOSTS + "/" + host.get("id").stringValue(),
                    lab.admin,
                    "{\"gpu\": \"%s\", \"owner\": \"lab\"}".formatted(number++ < 2 ? "A100" : "H100"));
        }
    }

    private String list(String token, String query) {
        return lab.json("GET", PATH + query, token, "")
                .get("resource_properties")
                .toString();
    }

    @Test
    void properties_are_listed_by_name_and_with_detail_by_value() {
        assertThat(list(ALICE, "")).isEqualTo("[{\"property\":\"gpu\"},{\"property\":\"owner\"}]");
        assertThat(list(ALICE, "?detail=True"))
                .isEqualTo("[{\"property\":\"gpu\",\"private\":false,\"values\":[\"A100\",\"H100\"]},"
                        + "{\"property\":\"owner\",\"private\":false,\"values\":[\"lab\"]}]");
        assertThat(list(ALICE, "?detail=False&unknown=1")).isEqualTo(list(ALICE, ""));
    }

    @Test
    void a_private_property_is_seen_by_administrators_who_ask_for_all_and_queries_still_ask_for_it() {
        var marked = lab.json("PATCH", PATH + "/owner", lab.admin, "{\"private\": true}")
                .get("resource_property");
        assertThat(marked.propertyNames().stream().sorted())
                .containsExactly("created_at", "id", "private", "property_name", "resource_type", "updated_at");
        assertThat(marked.get("private").booleanValue()).isTrue();
        assertThat(list(ALICE, "")).isEqualTo("[{\"property\":\"gpu\"}]");
        assertThat(list(lab.admin, "")).isEqualTo("[{\"property\":\"gpu\"}]");
        assertThat(list(lab.admin, "?all=True")).contains("owner");
        assertThat(lab.refused(403, "GET", PATH + "?all=True", ALICE, "")).contains("admin");
        lab.made(ALICE, lease("expo", hosts(1, 1, "[\"=\", \"$owner\", \"lab\"]")));
        assertThat(lab.refused(400, "POST", LEASES, ALICE, lease("x", hosts(1, 1, "[\"=\", \"$own\", \"lab\"]"))))
                .as("nothing is told of what is private")
                .doesNotContain("owner");
        lab.json("PATCH", PATH + "/owner", lab.admin, "{\"private\": false}");
        assertThat(list(ALICE, "")).contains("owner");
    }

    @Test
    void what_no_host_has_cannot_be_marked() {
        assertThat(lab.refused(404, "PATCH", PATH + "/colour", lab.admin, "{\"private\": true}"))
                .isEqualTo("Resource property not found");
        assertThat(lab.refused(400, "PATCH", PATH + "/gpu", lab.admin, "{}")).isEqualTo("Missing parameter private");
        assertThat(lab.refused(400, "PATCH", PATH + "/gpu", lab.admin, "{\"private\": \"maybe\"}"))
                .contains("true or false");
        assertThat(Json.tree(list(lab.admin, "?all=True"))).hasSize(2);
    }
}
