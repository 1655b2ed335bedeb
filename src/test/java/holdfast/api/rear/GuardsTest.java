package holdfast.api.rear;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.broker.market.HoldPolicy;
import holdfast.broker.market.Signing;
import holdfast.core.Quantity;
import holdfast.federation.trust.NodeKeys;
import holdfast.federation.trust.Rights;
import holdfast.federation.wire.Call;
import holdfast.federation.wire.HttpWire;
import holdfast.federation.wire.Reply;
import holdfast.platform.HttpServer;
import holdfast.platform.Json;
import holdfast.protocol.rear.Dimension;
import holdfast.protocol.rear.Samples;
import holdfast.protocol.rear.Vector;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Who asks too often, holds too much, or holds and never buys (fluidos.md 6.12).
@Timeout(300)
final class GuardsTest {
    private static Reply list(Fortress seller, HttpWire wire) {
        return seller.ask(wire, Fortress.call("GET", "flavors", ""));
    }

    @Test
    void who_asks_too_often_is_told_when_to_come_again_and_others_are_served() {
        var anna = NodeKeys.fresh();
        var berta = NodeKeys.fresh();
        try (var seller = new Fortress(false, Rights.USUAL, Signing.NONE, 2, 3)) {
            seller.domain.offer();
            seller.pin(anna, "anna", "anna.example", false);
            seller.pin(berta, "berta", "berta.example", false);
            var hasty = seller.wire(anna, "anna");
            for (int i = 0; i < 3; i++) assertThat(list(seller, hasty).status()).isEqualTo(200);
            var token = seller.tokens(anna, "anna").make(seller.keys.fingerprint());
            var same = Fortress.call("GET", "flavors", "").with("authorization", "Bearer " + token);
            var late = seller.ask(hasty, same);
            assertThat(late.status()).isEqualTo(429);
            assertThat(late.header("retry-after")).contains("1");
            assertThat(late.body()).startsWith("you ask too often").hasLineCount(1);
            assertThat(list(seller, seller.wire(berta, "berta")).status()).isEqualTo(200);
            seller.domain.advance(Duration.ofMillis(500));
            assertThat(seller.ask(hasty, same).status()).isEqualTo(200); // the token was not used up
            assertThat(list(seller, hasty).status()).isEqualTo(429);
        }
    }

    @Test
    void strangers_share_what_their_address_may_and_do_not_take_from_peers() {
        var anna = NodeKeys.fresh();
        try (var seller = new Fortress(true, Rights.USUAL, Signing.NONE, 1, 2)) {
            seller.pin(anna, "anna", "anna.example", false);
            assertThat(list(seller, seller.wire(NodeKeys.fresh(), "x")).status())
                    .isEqualTo(401);
            assertThat(list(seller, seller.wire(NodeKeys.fresh(), "y")).status())
                    .isEqualTo(401);
            assertThat(list(seller, seller.wire(NodeKeys.fresh(), "z")).status())
                    .isEqualTo(429);
            assertThat(list(seller, seller.wire(anna, "anna")).status()).isEqualTo(204);
        }
    }

    @Test
    void too_many_holds_and_too_much_of_a_domain_are_refused_and_holds_last_as_is_set() {
        var policy = new HoldPolicy(
                Duration.ofSeconds(60), 2, 100, Vector.of(Dimension.CPU, Quantity.of(5)), Long.MAX_VALUE);
        try (var test = TestDatabase.fresh();
                var domain = new RearDomain(
                        test,
                        1,
                        new AtomicReference<>(RearDomain.BEGINNING),
                        policy,
                        Signing.NONE,
                        Gateway.Standing.UNPROVED,
                        HttpServer.Options.standard())) {
            assertThat(domain.get("/api/v2/capabilities")
                            .json()
                            .path("ttpSeconds")
                            .asInt())
                    .isEqualTo(60);
            var first =
                    domain.post(RearDomain.RESERVE, RearDomain.reservation(domain.offer(), "anna", "2", "4Gi", "10"));
            assertThat(Instant.parse(first.get("expirationTime"))).isEqualTo(RearDomain.BEGINNING.plusSeconds(60));
            var name = domain.offer(Samples.flavor("second", Samples.slice()));
            var much = domain.post(RearDomain.RESERVE, RearDomain.reservation(name, "anna", "4", "8Gi", "10"));
            assertThat(much.status()).isEqualTo(409);
            assertThat(much.text()).contains("your domain would hold 6 cpu").contains("may hold 5");
            assertThat(domain.post(RearDomain.RESERVE, RearDomain.reservation(name, "anna", "2", "4Gi", "10"))
                            .status())
                    .isEqualTo(200);
            var third = domain.offer(Samples.flavor("third", Samples.slice()));
            var many = domain.post(RearDomain.RESERVE, RearDomain.reservation(third, "anna", "1", "2Gi", "5"));
            assertThat(many.status()).isEqualTo(409);
            assertThat(many.text()).contains("you hold 2 pieces here");
            assertThat(domain.claims()).isEqualTo(2);
        }
    }

    @Test
    void what_a_domain_may_have_is_counted_by_the_key_of_who_only_says_that_it_is_of_one() {
        var anna = NodeKeys.fresh();
        var berta = NodeKeys.fresh();
        var policy = new HoldPolicy(Duration.ofSeconds(900), 20, 100, Vector.of(Dimension.CPU, Quantity.of(3)), 2);
        try (var seller = Fortress.limited(Rights.USUAL, policy)) {
            seller.pin(anna, "anna", "", false);
            seller.pin(berta, "berta", "", false);
            var hers = seller.wire(anna, "anna");
            var flavor = seller.domain.offer();
            var other = seller.domain.offer(Samples.flavor("second", Samples.slice()));
            for (var said : List.of("d1", "d2")) {
                var held = seller.ask(hers, reservation(flavor, said));
                assertThat(held.status()).as(held.body()).isEqualTo(200);
                if (said.equals("d1")) {
                    var crowded = seller.ask(hers, reservation(other, "d9"));
                    assertThat(crowded.status()).as(crowded.body()).isEqualTo(409);
                    assertThat(crowded.body()).contains("would hold 4 cpu");
                }
                var name = Json.tree(held.body()).path("transactionID").asString();
                var buys = Fortress.call("POST", "transactions/" + name + "/purchase", "{}");
                assertThat(seller.ask(hers, buys).status()).isEqualTo(200);
            }
            var third = seller.ask(hers, reservation(flavor, "d3"));
            assertThat(third.status()).as(third.body()).isEqualTo(409);
            assertThat(third.body()).contains("has 2 contracts here");
            assertThat(seller.ask(seller.wire(berta, "berta"), reservation(flavor, "d1"))
                            .status())
                    .as("what another says counts for another")
                    .isEqualTo(200);
        }
    }

    /// Two cores for a node of a domain that it names.
    private static Call reservation(String flavor, String said) {
        return Fortress.call("POST", "reservations", RearDomain.reservation(flavor, said, "2", "4Gi", "10"));
    }

    @Test
    void who_holds_fifty_times_and_never_buys_gets_a_minute() {
        try (var test = TestDatabase.fresh();
                var domain = new RearDomain(test)) {
            var flavor = domain.offer();
            for (int i = 0; i < 50; i++) {
                var name = domain.reserve(flavor, "anna");
                domain.send("DELETE", "/api/v2/transactions/" + name, "");
            }
            var held = domain.post(RearDomain.RESERVE, RearDomain.reservation(flavor, "anna", "2", "4Gi", "10"));
            assertThat(Instant.parse(held.get("expirationTime"))).isEqualTo(RearDomain.BEGINNING.plusSeconds(60));
            var other = domain.post(RearDomain.RESERVE, RearDomain.reservation(flavor, "berta", "2", "4Gi", "10"));
            assertThat(other.status()).isIn(200, 404);
        }
    }
}
