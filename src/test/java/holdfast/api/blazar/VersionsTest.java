package holdfast.api.blazar;

import static holdfast.api.blazar.BlazarLab.ALICE;
import static holdfast.api.blazar.BlazarLab.LEASES;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.platform.Json;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(300)
class VersionsTest {
    private static final String HEADER = "OpenStack-API-Version";

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    @AutoClose
    private final BlazarLab lab = new BlazarLab(test);

    @Test
    void versions_are_told_to_everybody_with_status_300() {
        for (var path : new String[] {"/blazar", "/blazar/", "/blazar/versions", "/blazar/versions.json"}) {
            var answer = lab.call("GET", path, "", "");
            assertThat(answer.status()).as(path).isEqualTo(300);
            assertThat(Json.tree(answer.text())).isEqualTo(Json.tree("""
                            {"versions": [{"id": "v1.0", "status": "CURRENT", "links": [{"href": "%s/blazar/v1", "rel": "self"}],
                                           "min_version": "1.0", "max_version": "1.0"}]}""".formatted(lab.address())));
        }
    }

    @Test
    void every_answer_tells_its_version_and_its_request() {
        for (var path : new String[] {"/blazar", LEASES, LEASES + "/none", "/blazar/v1/nothing"}) {
            var answer = lab.call("GET", path, ALICE, "");
            assertThat(answer.header("openstack-api-version")).as(path).hasValue("reservation 1.0");
            assertThat(answer.header("vary").orElseThrow()).contains(HEADER);
            assertThat(answer.header("x-openstack-request-id").orElseThrow()).matches("req-[0-9a-f-]{36}");
            assertThat(answer.header("content-type").orElseThrow()).startsWith("application/json");
        }
    }

    @Test
    void a_large_answer_tells_what_it_varies_by_all_the_same() {
        for (int n = 0; n < 8; n++) lab.made(ALICE, BlazarLab.lease("lease-" + n));
        var answer = lab.call("GET", LEASES, ALICE, "");
        assertThat(answer.text().length()).isGreaterThan(2_000);
        assertThat(answer.header("vary").orElseThrow()).contains(HEADER).contains("Accept-Encoding");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1.0 | 200",
                "reservation 1.0 | 200",
                "reservation latest | 200",
                "compute 2.93, reservation 1.0 | 200",
                "compute 2.93 | 200",
                "nonsense | 200",
                "reservation 1.a | 400",
                "reservation 1 | 400",
                "reservation 1.1.1 | 400",
                "reservation 1.2 | 406",
                "reservation 9.9 | 406",
                "reservation 2.0 | 406"
            })
    void the_version_asked_for_must_be_the_one_there_is(String header, int status) {
        var answer = lab.call("GET", LEASES, ALICE, "", HEADER, header);
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        if (status != 200) {
            var told = Json.tree(answer.text());
            assertThat(told.get("error").intValue()).isEqualTo(status);
            assertThat(told.get("error_message").stringValue()).isNotEmpty();
        }
    }

    @Test
    void each_path_may_end_in_json() {
        var lease = lab.made(ALICE, BlazarLab.lease("expo"));
        assertThat(lab.json("GET", LEASES + ".json", ALICE, "").get("leases")).hasSize(1);
        assertThat(lab.json("GET", BlazarLab.path(lease) + ".json", ALICE, "").get("lease"))
                .isEqualTo(lease);
        assertThat(lab.call("DELETE", BlazarLab.path(lease) + ".json", ALICE, "")
                        .status())
                .isEqualTo(204);
    }
}
