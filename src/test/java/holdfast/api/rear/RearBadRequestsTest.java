package holdfast.api.rear;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.federation.wire.Published;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What peers get wrong, and what they are told: one line of text, and nothing is done.
@Timeout(300)
final class RearBadRequestsTest {
    private static final String REQUEST = "019a0000-0000-7000-8000-000000000001";
    private static final String NOBODY = "0123456789abcdef0123456789abcdef-1";

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    @AutoClose
    private final RearDomain domain = new RearDomain(test);

    private final StringBuilder told = new StringBuilder();

    private RearDomain.Answer tell(String method, String target, String body, String... headers) {
        var answer = domain.send(method, target, body, headers);
        told.append(method).append(' ').append(target).append('\n');
        if (!body.isEmpty()) told.append(body).append('\n');
        told.append("    ")
                .append(answer.status())
                .append(' ')
                .append(answer.text().strip())
                .append("\n");
        return answer;
    }

    @Test
    void each_mistake_is_told_in_one_line_and_nothing_is_done() {
        var name = domain.offer();
        var ask = RearDomain.reservation(name, "anna", "2", "4Gi", "10");
        for (var body : new String[] {
            "{",
            "[]",
            "{}",
            "no json",
            "{'flavorID':'x'}",
            "{'flavorID':'No Name','buyerID':{}}",
            ask.replace("'ID':'anna',", ""),
            ask.replace(",'additionalInformation':{'liqoID':'fabric-anna'}", ""),
            RearDomain.reservation("unknown-flavor", "anna", "2", "4Gi", "10"),
            RearDomain.reservation(name, "anna", "9", "4Gi", "10"),
            RearDomain.reservation(name, "anna", "2100m", "4Gi", "10"),
            RearDomain.reservation(name, "anna", "many", "4Gi", "10"),
            RearDomain.reservation(name, "anna", "-1", "4Gi", "10"),
            RearDomain.reservation(name, "anna", "2", "1Gi", "10"),
            ask.replace("'k8slice'", "'vm'"),
            ask.replace("'k8slice'", "'moon'"),
        }) {
            var answer = tell("POST", RearDomain.RESERVE, body);
            told.replace(0, told.length(), told.toString().replace(name, "FLAVOR"));
            assertThat(answer.status()).as(body).isIn(400, 404);
            assertThat(answer.header("content-type")).contains("text/plain; charset=utf-8");
            assertThat(answer.header("x-content-type-options")).contains("nosniff");
            assertThat(answer.text()).endsWith("\n").hasLineCount(1);
        }
        tell("POST", RearDomain.RESERVE, "");
        tell("POST", RearDomain.RESERVE + "?agreement=perhaps", "{}");
        tell("POST", "/api/v2/transactions/" + NOBODY + "/purchase", "");
        tell("POST", "/api/v2/transactions/" + NOBODY + "/purchase", "{}");
        tell("POST", "/api/v2/transactions/" + NOBODY + "/purchase", "{'liqoCredentials':7}");
        tell("GET", "/api/v2/transactions/" + NOBODY, "");
        tell("DELETE", "/api/v2/transactions/" + NOBODY, "");
        tell("GET", "/api/v2/contracts/contract-none", "");
        tell("DELETE", "/api/v2/contracts/contract-none", "");
        tell("POST", "/api/v2/contracts/contract-none/renew", "{}");
        tell("GET", RearDomain.LIST + "/unknown-flavor", "");
        tell("GET", RearDomain.LIST + "/k8slice?filter%5Bcpu%5D%5Brange%5D=1", "");
        tell("GET", "/api/v2/nothing", "");
        tell("GET", "/", "");
        tell("GET", "/v1/slices", "");
        tell("PUT", RearDomain.LIST, "{}");
        tell("GET", RearDomain.RESERVE, "");
        assertThat(domain.claims()).isZero();
        Published.assertGolden("refusals.txt", told.toString());
    }

    @Test
    void who_wants_a_problem_gets_one() {
        var answer = domain.post(RearDomain.RESERVE, "{}", "Accept", "application/problem+json");
        assertThat(answer.header("content-type")).contains("application/problem+json");
        assertThat(answer.json().path("status").asInt()).isEqualTo(400);
        assertThat(answer.get("field")).isEqualTo("flavorID");
        assertThat(answer.get("detail")).isNotEmpty();
    }

    @Test
    void paths_and_methods_are_told_apart_and_before_all_is_ready_nothing_is_answered() {
        assertThat(domain.get("/api/v1/flavors").text()).isEqualTo("404 page not found\n");
        assertThat(domain.send("DELETE", RearDomain.LIST, "")).satisfies(wrong -> {
            assertThat(wrong.status()).isEqualTo(405);
            assertThat(wrong.text()).isEmpty();
            assertThat(wrong.header("allow")).contains("GET");
        });
        domain.ready.set(false);
        assertThat(domain.get(RearDomain.LIST)).satisfies(early -> {
            assertThat(early.status()).isEqualTo(503);
            assertThat(early.text()).isEmpty();
        });
        assertThat(domain.post(RearDomain.RESERVE, "{}").status()).isEqualTo(503);
        assertThat(domain.get("/api/v2/nothing").status()).isEqualTo(404);
    }

    @Test
    void while_the_disk_is_full_nothing_is_claimed_and_lists_are_answered() {
        var name = domain.offer();
        var ask = RearDomain.reservation(name, "anna", "2", "4Gi", "10");
        disk("""
                create function no_space() returns trigger language plpgsql as
                $$ begin raise exception 'could not extend file' using errcode = '53100'; end $$""");
        disk("create trigger disk before insert on claim execute function no_space()");
        assertThat(domain.post(RearDomain.RESERVE, ask, "x-rear-request-id", REQUEST))
                .satisfies(refused -> {
                    assertThat(refused.status()).isEqualTo(503);
                    assertThat(refused.header("retry-after")).contains("5");
                    assertThat(refused.text()).contains("disk").hasLineCount(1);
                });
        assertThat(domain.get(RearDomain.LIST)).satisfies(listed -> {
            assertThat(listed.status()).isEqualTo(200);
            assertThat(listed.text()).contains(name);
        });
        assertThat(domain.claims()).isZero();
        disk("drop trigger disk on claim");
        assertThat(domain.post(RearDomain.RESERVE, ask, "x-rear-request-id", REQUEST)
                        .status())
                .isEqualTo(200);
        assertThat(domain.claims()).isOne();
    }

    private void disk(String sql) {
        test.database().inTransaction(tx -> tx.sql().execute(sql));
    }

    @Test
    void garbage_huge_and_deep_bodies_and_ten_thousand_keys_do_no_harm() {
        var name = domain.offer();
        assertThat(domain.post(RearDomain.RESERVE, "[".repeat(100_000)).status())
                .isEqualTo(400);
        assertThat(domain.post(RearDomain.RESERVE, "{'a':".repeat(65) + "1" + "}".repeat(65))
                        .status())
                .isEqualTo(400);
        assertThat(domain.post(RearDomain.RESERVE, "\u0000\u0001\uD800\uFFFE").status())
                .isEqualTo(400);
        assertThat(domain.post(RearDomain.RESERVE, " ".repeat((10 << 20) + 1)).status())
                .isEqualTo(413);
        var keys = IntStream.range(0, 10_000).mapToObj(n -> "'k" + n + "':" + n).collect(Collectors.joining(","));
        var body = RearDomain.reservation(name, "anna", "2", "4Gi", "10").replaceFirst("^\\{", "{" + keys + ",");
        assertThat(domain.post(RearDomain.RESERVE, body).status())
                .as("unknown keys are passed over")
                .isEqualTo(200);
        var query = IntStream.range(0, 500).mapToObj(n -> "k" + n + "=1").collect(Collectors.joining("&"));
        assertThat(domain.get(RearDomain.LIST + "/k8slice?" + query).status()).isEqualTo(400);
        assertThat(domain.get("/api/v2/flavors/" + "x".repeat(4_000)).status()).isEqualTo(404);
        assertThat(domain.post("/api/v2/transactions/%27%3B%20drop%20table%20claim/purchase", "{}")
                        .status())
                .isEqualTo(404);
        assertThat(domain.claims()).isOne();
    }
}
