package holdfast.api.promise;

import static holdfast.api.promise.PromiseDomain.ALICE;
import static holdfast.api.promise.PromiseDomain.BOB;
import static holdfast.api.promise.PromiseDomain.ROOT;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.platform.HttpServer.Mount;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.assertj.core.data.TemporalUnitWithinOffset;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(300)
class PromiseTreeTest {
    private static final String TREE = ROOT + "promise";
    private static final String NOBODY = "00000000-0000-7000-8000-000000000000";

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    @AutoClose
    private final PromiseDomain domain = new PromiseDomain(test);

    private final Instant start = Instant.now().truncatedTo(ChronoUnit.HOURS).plus(24, ChronoUnit.HOURS);

    @Test
    void lists_items_and_unknown_ids() {
        var recording = new Recording();
        var provider = domain.addCloud("lab");
        var reservation = domain.ask(
                        ALICE,
                        "create-reservation",
                        "{'start': '" + start + "', 'end': '" + start.plusSeconds(60)
                                + "', 'capacity': {'cores': 4, 'addresses': 1}}")
                .get("reservation-id")
                .asString("");
        var entry = domain.ask(
                        domain.admin,
                        "decrease-capacity",
                        "{'source': {'id': '" + provider + "'}, 'start': '" + start
                                + "', 'zone': 'south', 'capacity': {'ram': 1024}}")
                .get("pool-id")
                .asString("");
        var instance = domain.ask(ALICE, "create-instance", "{'name': 'web', 'image': 'cirros', 'flavor': 'tiny'}");
        assertThat(instance.get("priority").asString("")).as(instance.text()).isEqualTo("low");
        var server = instance.get("instance-id").asString("");
        domain.waitFor(
                "the instance to run",
                () -> domain.get(ALICE, TREE + "/allocations/" + server)
                        .get("state")
                        .asString("")
                        .equals("ACTIVE"));
        for (var path : List.of(
                "/providers",
                "/providers/" + provider,
                "/pools",
                "/pools/" + entry,
                "/reservations",
                "/reservations/ResourceReservation:" + reservation,
                "/allocations/" + server,
                "/capacity",
                "/capacity/available",
                "/policy")) {
            var shown = recording.add("", "GET " + path, domain.get(ALICE, TREE + path));
            assertThat(shown.status()).as(path + ": " + shown.text()).isEqualTo(200);
        }
        recording.check("tree");
        for (var path : List.of("providers", "pools", "reservations", "allocations")) {
            assertThat(domain.get(ALICE, TREE + "/" + path + "/" + NOBODY).status())
                    .isEqualTo(404);
        }
        assertThat(domain.get(BOB, TREE + "/reservations").json()).isEmpty();
        assertThat(domain.get(BOB, TREE + "/allocations").json()).isEmpty();
        assertThat(domain.get(BOB, TREE + "/reservations/" + reservation).status())
                .isEqualTo(404);
        assertThat(domain.get(BOB, TREE + "/providers").text())
                .contains("\"lab\"")
                .doesNotContain("endpoint");
        assertThat(domain.get(domain.admin, TREE + "/providers").text())
                .contains("endpoint")
                .doesNotContain("sesame");
        assertThat(domain.get(ALICE, TREE).json().propertyNames())
                .containsExactly("providers", "pools", "reservations", "allocations", "capacity", "policy");
        assertThat(domain.send(ALICE, "REPORT", TREE, "")
                        .json()
                        .get("reservations")
                        .intValue())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"POST /reservations", "PUT /reservations/x", "DELETE /reservations/x", "PATCH /capacity", "POST "
            })
    void writing_is_by_intents_only(String request) {
        var words = request.split(" ", -1);
        var refused = domain.send(domain.admin, words[0], TREE + words[1], "{}");
        assertThat(refused.status()).as(refused.text()).isEqualTo(405);
        assertThat(refused.response().headers().firstValue("Allow").orElse("")).contains("GET");
        assertThat(refused.get("error").asString("")).contains(words[0]);
    }

    @Test
    void intents_describe_themselves_at_both_places() {
        for (var path : List.of(ROOT + "create-reservation", "/create-reservation")) {
            var told = domain.send(ALICE, "OPTIONS", path, "");
            assertThat(told.status()).isEqualTo(200);
            assertThat(told.json().at("/POST/input").valueStream().map(node -> node.stringValue()))
                    .contains("start", "capacity", "zone");
            assertThat(domain.get(ALICE, path).status()).isEqualTo(405);
        }
    }

    @Test
    void who_is_not_known_gets_nothing_and_who_may_only_look_changes_nothing() {
        for (var token : List.of("", "no-token")) {
            assertThat(domain.get(token, TREE).status()).isEqualTo(401);
            assertThat(domain.ask(token, "list-reservations", "").status()).isEqualTo(401);
        }
        var bearer = domain.send("", "POST", "/list-reservations", "", "Authorization", "Bearer " + ALICE);
        assertThat(bearer.result()).isEqualTo("ok");
        assertThat(domain.ask(ALICE, "add-provider", "{'provider-type': 'simulated'}")
                        .status())
                .isEqualTo(403);
        assertThat(domain.ask(ALICE, "remove-provider", "{'provider-id': 'lab'}")
                        .status())
                .isEqualTo(403);
        assertThat(domain.send(ALICE, "PUT", TREE + "/policy", "{}").status()).isEqualTo(403);
        assertThat(domain.get(ALICE, ROOT + "no-intent").status()).isEqualTo(404);
        assertThat(domain.get(ALICE, "/restjson/other").status()).isEqualTo(404);
        assertThat(domain.get(ALICE, ROOT + "create-reservation/more").status()).isEqualTo(404);
    }

    @Test
    void no_two_mounts_collide() {
        var names = domain.promise.mounts().stream().map(Mount::first).toList();
        assertThat(names).doesNotHaveDuplicates().contains("restjson", "create-reservation", "query-capacity");
        var taken = new HashSet<>(Set.of("", "v1", "metrics", "console", "identity", "blazar"));
        taken.retainAll(names);
        assertThat(taken).isEmpty();
        assertThat(names).contains("activate-reservation").hasSizeGreaterThanOrEqualTo(20);
    }

    @Test
    void the_policy_is_changed_by_administrators_and_holds() {
        var policy = TREE + "/policy";
        var changed = domain.send(domain.admin, "PUT", policy, "{'reservation': {'max-duration': '2', 'expiry': 5}}");
        assertThat(changed.status()).as(changed.text()).isEqualTo(200);
        assertThat(changed.json().at("/reservation/max-duration").intValue()).isEqualTo(2);
        domain.addCloud("lab");
        var made = domain.ask(ALICE, "create-reservation", "{'capacity': {'cores': 1}}");
        assertThat(made.result()).as(made.text()).isEqualTo("ok");
        var begun = Instant.parse(made.get("start").asString(""));
        var minute = new TemporalUnitWithinOffset(1, ChronoUnit.MINUTES);
        assertThat(Instant.parse(made.get("end").asString(""))).isCloseTo(begun.plus(2, ChronoUnit.HOURS), minute);
        assertThat(Instant.parse(made.get("expiry").asString(""))).isCloseTo(begun.plus(5, ChronoUnit.MINUTES), minute);
        var long_ = domain.ask(ALICE, "create-reservation", "{'duration': 7201, 'capacity': {'cores': 1}}");
        assertThat(long_.result()).isEqualTo("error");
        assertThat(long_.get("message").asString("")).contains("the longest is 2 hours");
        var wrong = domain.send(domain.admin, "PUT", policy, "{'reservation': {'max-duration': 0}}");
        assertThat(wrong.status()).as(wrong.text()).isEqualTo(400);
        assertThat(wrong.get("error").asString("")).contains("max-duration");
        assertThat(domain.get(ALICE, policy + "/reservation").get("expiry").intValue())
                .isEqualTo(5);
    }

    @Test
    void a_provider_is_taken_out_when_nothing_of_ours_is_there() {
        domain.addCloud("lab");
        assertThat(domain.ask(domain.admin, "remove-provider", "{'provider-id': 'ResourceProvider:lab'}")
                        .result())
                .isEqualTo("ok");
        domain.waitFor(
                "the provider to be gone",
                () -> domain.get(ALICE, TREE + "/providers").json().isEmpty());
        assertThat(domain.ask(domain.admin, "remove-provider", "{'provider-id': 'lab'}")
                        .result())
                .isEqualTo("error");
    }

    @Test
    void a_provider_that_cannot_be_reached_says_so() {
        var added = domain.ask(
                domain.admin,
                "add-provider",
                "{'provider-type': 'simulated', 'name': 'wrong', 'password': 'not open'}");
        assertThat(added.result()).as(added.text()).isEqualTo("ok");
        assertThat(added.get("status").asString("")).isEqualTo("down");
        assertThat(added.get("message").asString("")).contains("cannot be reached");
    }
}
