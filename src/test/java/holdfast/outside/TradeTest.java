package holdfast.outside;

import static holdfast.outside.DomainServer.LIMIT;
import static holdfast.outside.DomainServer.slice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.Talk;
import holdfast.protocol.rear.Workflow;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Two servers, each a domain of its own with a database of its own. What one has no room for runs at the other: the
/// first workflow (fluidos.md 4.1) as users see it.
@Timeout(900)
final class TradeTest {
    private static final int KILLS = Integer.getInteger("holdfast.kills", 3);
    private static final long SEED = Long.getLong("holdfast.seed", 7);

    @TempDir
    private Path scratch;

    private DomainServer seller;
    private DomainServer buyer;
    private String whole;

    @BeforeEach
    void start() throws Exception {
        seller = new DomainServer(scratch, "alps");
        buyer = new DomainServer(scratch, "bay");
        seller.cli("flavor", "offer", "half", "--host", "LAB-H2");
        whole = seller.listed();
        buyer.cli("peer", "add", seller.address());
        buyer.fill();
    }

    @AfterEach
    void stop() {
        seller.close();
        buyer.close();
    }

    /// On both sides, and all of the offer is there again.
    private void awaitNothingLeft() {
        Await.that("the offer to be whole again", LIMIT, () -> seller.listed().equals(whole));
        Await.that(
                "the seller's leases to be gone",
                LIMIT,
                () -> seller.states("leases").isEmpty());
        for (var side : List.of(buyer, seller)) {
            Await.that("its contracts to be over", LIMIT, () -> isNone(side.states("contracts"), "active", "expiring"));
        }
        Await.that(
                "what was borrowed to be given back",
                LIMIT,
                () -> isNone(buyer.states("borrowings"), "borrowed", "claiming"));
    }

    private static boolean isNone(List<String> states, String... wanted) {
        return Collections.disjoint(states, List.of(wanted));
    }

    @Test
    void what_finds_no_room_at_home_runs_at_the_other_domain_until_it_is_given_up() throws Exception {
        var refused = buyer.create(slice("stays", 4, false));
        assertThat(buyer.api().await(refused, LIMIT, Api.SETTLED)).isEqualTo("Dead");

        var slice = buyer.create(slice("goes", 4, true));
        assertThat(buyer.api().await(slice, LIMIT, Api.SETTLED)).isEqualTo("StableOK");
        assertThat(buyer.states("contracts")).containsExactly("active");
        assertThat(seller.states("contracts")).containsExactly("active");
        assertThat(seller.states("leases")).containsExactly("active");
        assertThat(buyer.states("borrowings")).containsExactly("borrowed");
        assertThat(buyer.cli("contract", "list")).contains("alps");
        assertThat(seller.listed()).isNotEqualTo(whole);

        buyer.api().delete(slice);
        buyer.api().await(slice, LIMIT, Set.of("Dead"));
        awaitNothingLeft();
        var steps = new TreeSet<>(seller.steps(Workflow.W1));
        steps.addAll(buyer.steps(Workflow.W1));
        assertThat(steps)
                .as("but for those of an intent")
                .containsAll(
                        IntStream.rangeClosed(4, 29).mapToObj(Integer::toString).toList());
        itIsReachedWhileTheContractLives();
        buyer.dieAndRise();
        seller.cli("flavor", "withdraw", "half");
        Await.that(
                "the buyer to hear that it is withdrawn, though it asks nobody",
                LIMIT,
                () -> buyer.all("candidates")
                        .anyMatch(one -> one.path("name").asString().equals(whole)
                                && one.path("state").asString().equals("gone")));
    }

    /// Over both servers, by nobody else, and no longer.
    private void itIsReachedWhileTheContractLives() throws Exception {
        var slice = buyer.create(slice("reached", 4, true));
        assertThat(buyer.api().await(slice, LIMIT, Api.SETTLED)).isEqualTo("StableOK");
        try (var reaching = new Reaching(buyer, slice)) {
            assertThat(reaching.way()).isEqualTo("direct");
            assertThat(reaching.page()).contains("node1");
            reaching.echoes();
            assertThat(buyer.piped("GET / HTTP/1.0\r\n\r\n", "slice", "connect", "reached", "80", "--stdio"))
                    .contains("node1");
            onlyItsBuyerComesIn(reaching);
            assertThat(Reaching.refused(reaching.dial(81), "81")).isEqualTo(404);

            var broken = reaching.opened(7);
            seller.dieAndRise();
            assertThatThrownBy(() -> Talk.all(broken)).hasMessageContaining("broke off");
            Await.that("the machine to be reached again", LIMIT, () -> reaches(reaching));

            var ended = reaching.opened(7);
            var contract = seller.all("contracts")
                    .filter(one -> one.path("state").asString().equals("active"))
                    .findFirst()
                    .orElseThrow()
                    .path("name")
                    .asString();
            seller.cli("contract", "release", contract);
            assertThatThrownBy(() -> Talk.all(ended)).hasMessageContaining("the contract is terminated");
            Await.that("nobody to be let in any more", LIMIT, () -> isShut(reaching));
        }
        buyer.api().delete(slice);
        buyer.api().await(slice, LIMIT, Set.of("Dead"));
        awaitNothingLeft();
    }

    private static boolean reaches(Reaching reaching) {
        try {
            return reaching.page().contains("node1");
        } catch (IOException | InterruptedException | AssertionError _) {
            return false;
        }
    }

    private static boolean isShut(Reaching reaching) {
        try {
            return Reaching.refused(reaching.dial(7), "") == 409;
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void onlyItsBuyerComesIn(Reaching reaching) throws Exception {
        assertThat(Reaching.refused(reaching.dial(buyer.api().url() + reaching.path(7), "stranger"), "token"))
                .isEqualTo(401);
        var contract =
                seller.all("contracts").findFirst().orElseThrow().path("name").asString();
        var door =
                "http://%s/api/v2/contracts/%s/connect/%s?port=7".formatted(seller.address(), contract, new UUID(1, 1));
        assertThat(Reaching.refused(reaching.dial(door, "guessed"), "not the secret"))
                .isEqualTo(403);
    }

    /// Each is killed (signal 9) at random moments while a slice is bought for, runs and is given up.
    @Test
    void whoever_dies_at_any_moment_it_is_bought_once_or_not_at_all_and_nothing_is_left() throws Exception {
        var random = new Random(SEED);
        for (int round = 0; round < KILLS; round++) {
            var victim = List.of(seller, buyer).get(round % 2);
            var slice = buyer.create(slice("round-" + round, 4, true));
            Await.pass(random.nextInt(1_500));
            victim.dieAndRise();
            var state = buyer.api().await(slice, LIMIT, Api.SETTLED);
            System.err.printf(
                    "round %d: the %s died; the slice is %s%n", round, round % 2 == 0 ? "seller" : "buyer", state);
            assertThat(state).as("round " + round).isIn("StableOK", "Dead");
            var live =
                    seller.states("contracts").stream().filter("active"::equals).toList();
            assertThat(live)
                    .as("contracts of round " + round + ", slice " + state)
                    .hasSizeLessThanOrEqualTo(1);
            if (state.equals("StableOK")) {
                assertThat(seller.states("leases")).containsExactly("active");
                buyer.api().delete(slice);
                Await.pass(random.nextInt(500));
                victim.dieAndRise();
                buyer.api().await(slice, LIMIT, Set.of("Dead"));
            }
            awaitNothingLeft();
        }
    }
}
