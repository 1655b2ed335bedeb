package holdfast.api.resources;

import static holdfast.api.resources.Mistake.get;
import static holdfast.api.resources.TestDomain.ALICE;
import static holdfast.api.resources.TestDomain.BOB;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.drivers.simulated.SimulatedSettings;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/// What users get wrong in other requests, and what they are told.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadRequestsTest {
    private final TestDatabase db = TestDatabase.fresh();
    private final TestDomain domain =
            new TestDomain(db, SimulatedSettings.PERFECT, "src/test/resources/sim/lab-ad.graphml");

    @AfterAll
    void stop() {
        domain.close();
        db.close();
    }

    @TestFactory
    Stream<DynamicTest> wrong_requests() {
        return Mistake.tests(
                domain,
                get("unknown path", "/v1/nothing/here/at/all", 404, "Not Found", "GET /v1"),
                get("unknown type", "/v1/slicse", 404, "Not Found", "did you mean /v1/slices?"),
                get("other world", "/index.php", 404, "Not Found"),
                get("unknown slice", "/v1/slices/none", 404, "Not Found", "no slice none"),
                get("unknown id", "/v1/slices/00000000-0000-7000-8000-000000000000", 404, "Not Found"),
                get("a name with a hole", "/v1/slices/a%00b", 400, "Malformed"),
                get("unknown process", "/v1/processes/lease.create", 404, "Not Found", "no process lease.create"),
                get(
                        "unknown parameter",
                        "/v1/slices?stat=Dead&strict=true",
                        422,
                        "InvalidOption",
                        "stat",
                        "did you mean state?"),
                get("a parameter that takes nothing", "/v1?x=1", 400, "Malformed", "none is known"),
                get("a parameter twice", "/v1/capacity?level=1&level=2", 400, "Malformed", "2 times"),
                get("a limit too high", "/v1/journal?limit=100000", 400, "Malformed", "1 to 3000"),
                get("a limit that is no number", "/v1/journal?limit=all", 400, "Malformed", "whole number"),
                get("a marker of somebody else", "/v1/slices?marker=hello", 400, "Malformed", "next"),
                get(
                        "a marker from before time",
                        "/v1/slices?marker=LTUuMDAwMDAwMDAtMDAwMC03MDAwLTgwMDAtMDAwMDAwMDAwMDAw",
                        400,
                        "Malformed",
                        "next"),
                get("neither yes nor no", "/v1/slices?_removed=maybe", 400, "Malformed", "true or false"),
                get(
                        "something to include that there is not",
                        "/v1/sites?include=slivers",
                        422,
                        "InvalidOption",
                        "include"),
                get(
                        "an unknown state of processes",
                        "/v1/processes?state=wait",
                        422,
                        "InvalidOption",
                        "did you mean waiting?"),
                get("a resource that is no id", "/v1/journal?resource=x", 400, "Malformed", "id"),
                get("an unknown level", "/v1/capacity?level=3", 400, "Malformed", "0 to 2"),
                get("numbers of the topology", "/v1/capacity?level=0", 400, "Malformed", "graphml"),
                get(
                        "a window that is none",
                        "/v1/capacity?start=2030-01-02T00:00:00Z&end=2030-01-01T00:00:00Z",
                        400,
                        "Malformed",
                        "before"),
                get("an unknown format", "/v1/capacity?format=jsn", 400, "Malformed", "did you mean json?"),
                get("a journal from nowhere", "/v1/journal?after=-1", 400, "Malformed"),
                get("numbers for administrators", "/metrics", 403, "Forbidden", "administrator"),
                new Mistake(
                        "wrong method", "PUT", "/v1/slices", "", "", 405, "Method not allowed", "", "GET, HEAD, POST"),
                new Mistake(
                        "wrong method on one",
                        "PATCH",
                        "/v1/sites/LAB",
                        "",
                        "",
                        405,
                        "Method not allowed",
                        "",
                        "GET, HEAD"),
                new Mistake("delete of a site", "DELETE", "/v1/sites/LAB", "", "", 405, "Method not allowed", ""),
                new Mistake(
                        "unknown action",
                        "POST",
                        "/v1/slices/x?action=destroy",
                        "",
                        "",
                        422,
                        "InvalidAction",
                        "action",
                        "delete"),
                new Mistake("delete of nothing", "DELETE", "/v1/slices/none", "", "", 404, "Not Found", ""),
                new Mistake(
                        "claim by a user",
                        "POST",
                        "/v1/delegations",
                        "application/json",
                        "{}",
                        403,
                        "Forbidden",
                        "",
                        "administrator"),
                new Mistake(
                        "reclaim by a user",
                        "POST",
                        "/v1/delegations/x?action=reclaim",
                        "",
                        "",
                        403,
                        "Forbidden",
                        "",
                        "administrator"));
    }

    @Test
    void without_a_token_that_is_known_there_is_nothing() {
        for (var token : List.of("", "wrong", ALICE + "x", ALICE.toUpperCase(java.util.Locale.ROOT))) {
            for (var target : List.of("/v1", "/v1/slices", "/v1/nothing", "/metrics", "/", "/v1/status")) {
                var reply = domain.get(token, target);
                assertThat(reply.status()).as(target).isEqualTo(401);
                assertThat(reply.json().get("code").stringValue()).isEqualTo("Unauthorized");
                assertThat(reply.response().headers().firstValue("WWW-Authenticate"))
                        .hasValue("Basic realm=\"holdfast\", charset=\"UTF-8\"");
            }
        }
        assertThat(domain.send("", "POST", "/v1/slices", "application/yaml", "name: x")
                        .status())
                .isEqualTo(401);
        assertThat(domain.get("", "/v1/health").status()).isEqualTo(200);
        assertThat(domain.get("", "/v1/openapi.json").status()).isEqualTo(200);
    }

    @Test
    void a_head_request_is_answered_like_a_get() {
        assertThat(domain.send(BOB, "HEAD", "/v1/slices", "", "").status()).isEqualTo(200);
        assertThat(domain.send(BOB, "HEAD", "/v1/slices/none", "", "").status()).isEqualTo(404);
    }
}
