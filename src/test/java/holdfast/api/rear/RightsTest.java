package holdfast.api.rear;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.broker.market.Signing;
import holdfast.federation.trust.Caller;
import holdfast.federation.trust.NodeKeys;
import holdfast.federation.trust.Rights;
import holdfast.federation.trust.Rights.Label;
import holdfast.federation.trust.Rights.Message;
import holdfast.federation.trust.Tokens;
import holdfast.federation.wire.Endpoint;
import holdfast.federation.wire.HttpWire;
import holdfast.federation.wire.NoAnswer;
import holdfast.federation.wire.Published;
import holdfast.federation.wire.Reply;
import holdfast.protocol.rear.Samples;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Who may ask what, over real sockets with TLS (fluidos.md 5.13).
@Timeout(300)
final class RightsTest {
    private final NodeKeys anna = NodeKeys.fresh();
    private final NodeKeys cousin = NodeKeys.fresh();

    private Reply list(Fortress seller, HttpWire wire) {
        return seller.ask(wire, Fortress.call("GET", "flavors", ""));
    }

    private static Reply shows(Fortress seller, HttpWire wire, String token) {
        return seller.ask(wire, Fortress.call("GET", "flavors", "").with("authorization", "Bearer " + token));
    }

    @Test
    void the_table_of_who_may_what() {
        var told = new StringBuilder();
        for (boolean mtls : List.of(false, true)) {
            try (var seller = Fortress.usual(mtls)) {
                seller.domain.offer();
                seller.pin(anna, "anna", "anna.example", false);
                seller.pin(cousin, "cousin", Samples.OWNER.domain(), true);
                var unknown = NodeKeys.fresh();
                told.append(mtls ? "by certificates\n" : "by tokens\n");
                for (var question : List.of(
                        "GET capabilities",
                        "GET flavors",
                        "GET flavors/k8slice",
                        "POST reservations",
                        "POST transactions/0123456789abcdef0123456789abcdef-1/purchase",
                        "DELETE transactions/0123456789abcdef0123456789abcdef-1",
                        "GET contracts/contract-none",
                        "POST contracts/contract-none/renew",
                        "POST contracts/contract-none/signatures",
                        "POST contracts/contract-none/mail",
                        "POST subscriptions",
                        "GET subscriptions/none/events",
                        "GET nothing",
                        "PUT flavors")) {
                    var parts = question.split(" ");
                    var call = Fortress.call(parts[0], parts[1], parts[0].equals("POST") ? "{}" : "");
                    told.append(String.format("    %-75s", question));
                    told.append(" own ")
                            .append(seller.ask(seller.wire(cousin, "cousin"), call)
                                    .status());
                    told.append(", peer ")
                            .append(seller.ask(seller.wire(anna, "anna"), call).status());
                    told.append(", unknown key ")
                            .append(seller.ask(seller.wire(unknown, "anna"), call)
                                    .status());
                    told.append('\n');
                }
                var refused = list(seller, seller.wire(unknown, "anna"));
                told.append("    ").append(refused.body().replace(unknown.fingerprint(), "KEY"));
            }
        }
        Published.assertGolden("rights.txt", told.toString());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_subscription_belongs_to_its_key(boolean mtls) {
        try (var seller = Fortress.usual(mtls)) {
            seller.pin(anna, "anna", "anna.example", false);
            seller.pin(cousin, "cousin", "cousin.example", false);
            var made = seller.ask(
                    seller.wire(anna, "anna"), Fortress.call("POST", "subscriptions", "{'scope':{'all':true}}"));
            assertThat(made.status()).as(made.body()).isEqualTo(201);
            var id = holdfast.platform.Json.tree(made.body())
                    .path("subscriptionID")
                    .asString();
            var listen =
                    Fortress.call("GET", "subscriptions/" + id + "/events", "").asking(Map.of("wait", List.of("0")));
            assertThat(seller.ask(seller.wire(anna, "anna"), listen).status()).isEqualTo(200);
            assertThat(seller.ask(seller.wire(cousin, "cousin"), listen).status())
                    .isEqualTo(404);
            seller.pins.removeIf(pin -> pin.fingerprint().equals(anna.fingerprint()));
            seller.clock.updateAndGet(now -> now.plusSeconds(11));
            assertThat(seller.ask(seller.wire(anna, "anna"), listen).status())
                    .as("its key counts no more")
                    .isEqualTo(401);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void what_a_peer_has_belongs_to_its_key_alone(boolean mtls) {
        try (var seller = Fortress.usual(mtls)) {
            var flavor = seller.domain.offer();
            seller.pin(anna, "anna", "anna.example", false);
            seller.pin(cousin, "cousin", "cousin.example", false);
            var ask = RearDomain.reservation(flavor, "anna", "2", "4Gi", "10");
            var held = seller.ask(seller.wire(anna, "anna"), Fortress.call("POST", "reservations", ask));
            assertThat(held.status()).as(held.body()).isEqualTo(200);
            var name = holdfast.platform.Json.tree(held.body())
                    .path("transactionID")
                    .asString();
            var look = Fortress.call("GET", "transactions/" + name, "");
            assertThat(seller.ask(seller.wire(anna, "anna"), look).status()).isEqualTo(200);
            assertThat(seller.ask(seller.wire(cousin, "cousin"), look).status()).isEqualTo(404);
            var inAnothersName = seller.ask(seller.wire(cousin, "cousin"), Fortress.call("POST", "reservations", ask));
            assertThat(inAnothersName.status()).isEqualTo(403);
            assertThat(inAnothersName.body()).contains("cousin.example");
            assertThat(seller.domain.claims()).isOne();
        }
    }

    @Test
    void a_token_counts_for_one_question_to_one_node_for_a_minute() {
        try (var seller = Fortress.usual(false)) {
            seller.domain.offer();
            seller.pin(anna, "anna", "anna.example", false);
            var wire = seller.wire(anna, "anna");
            var tokens = seller.tokens(anna, "anna");
            var here = seller.keys.fingerprint();
            assertThat(list(seller, wire).status()).isEqualTo(200);

            var token = tokens.make(here);
            assertThat(shows(seller, wire, token).status()).isEqualTo(200);
            assertUnproved(shows(seller, wire, token), "was here before");
            assertUnproved(shows(seller, wire, tokens.make(cousin.fingerprint())), "aud is not");
            assertUnproved(shows(seller, wire, new Tokens(anna, "berta", seller.platform).make(here)), "iss is berta");
            var good = tokens.make(here);
            var other = tokens.make(here);
            var mixed = good.substring(0, good.lastIndexOf('.')) + other.substring(other.lastIndexOf('.'));
            assertUnproved(shows(seller, wire, mixed), "signature does not fit");
            assertUnproved(shows(seller, wire, "eyJhbGciOiJub25lIn0.e30."), "no signed JWT");
            assertUnproved(shows(seller, wire, "word"), "no signed JWT");
            var old = tokens.make(here);
            seller.domain.advance(Duration.ofSeconds(61));
            assertUnproved(shows(seller, wire, old), "it has expired");
            var ahead = tokens.make(here);
            seller.domain.advance(Duration.ofSeconds(-40));
            assertUnproved(shows(seller, wire, ahead), "iat is");
        }
    }

    private static void assertUnproved(Reply reply, String why) {
        assertThat(reply.status()).as(reply.body()).isEqualTo(401);
        assertThat(reply.body()).contains(why).hasLineCount(1);
        assertThat(reply.header("www-authenticate")).contains("Bearer");
    }

    @Test
    void a_seller_with_another_key_is_told_nothing() {
        try (var seller = Fortress.usual(true)) {
            seller.pin(anna, "anna", "anna.example", false);
            var wire = seller.wire(anna, "anna");
            assertThat(list(seller, wire).status()).isEqualTo(204);
            var address = seller.endpoint().address();
            for (var wrong : List.of(
                    Endpoint.pinned(address, cousin.fingerprint()),
                    new Endpoint(address, true, Optional.empty()),
                    Endpoint.plain(address))) {
                assertThat(org.assertj.core.api.Assertions.catchThrowable(
                                () -> wire.call(wrong, Fortress.call("GET", "flavors", ""), Duration.ofSeconds(60))))
                        .as(wrong.toString())
                        .isInstanceOf(NoAnswer.class);
            }
            assertThat(list(seller, wire).status()).isEqualTo(204);
            assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> wire.call(
                            Endpoint.pinned(address, cousin.fingerprint()),
                            Fortress.call("GET", "flavors", ""),
                            Duration.ofSeconds(60))))
                    .asInstanceOf(InstanceOfAssertFactories.type(NoAnswer.class))
                    .satisfies(e -> assertThat(e.reached()).isFalse())
                    .satisfies(e -> assertThat(e).hasMessageContaining("a key that is not the one"));
        }
    }

    @Test
    void a_peer_that_is_forgotten_is_a_stranger_soon() {
        try (var seller = Fortress.usual(true)) {
            seller.pin(anna, "anna", "anna.example", false);
            var wire = seller.wire(anna, "anna");
            assertThat(list(seller, wire).status()).isEqualTo(204);
            seller.pins.clear();
            seller.domain.advance(Duration.ofSeconds(11));
            assertThat(list(seller, wire).status()).isEqualTo(401);
            seller.pin(anna, "anna", "anna.example", false);
            seller.domain.advance(Duration.ofSeconds(2));
            assertThat(list(seller, wire).status()).isEqualTo(204);
        }
    }

    @Test
    void rules_hide_flavors_and_the_first_that_fits_decides() {
        var rules = new ArrayList<>(List.of(
                rule(Caller.Standing.PEER, "*.anna.example", Set.of(Message.RESERVE), "", true),
                rule(Caller.Standing.PEER, "", EnumSet.allOf(Message.class), "type=k8slice", false),
                rule(Caller.Standing.ANYBODY, "", Set.of(Message.LIST), "type=sensor", true)));
        rules.addAll(Rights.USUAL.rules());
        try (var seller = new Fortress(true, new Rights(rules), Signing.NONE, 1_000, 1_000)) {
            var slice = seller.domain.offer();
            seller.pin(anna, "anna", "north.anna.example", false);
            seller.pin(cousin, "cousin", "cousin.example", false);
            assertThat(list(seller, seller.wire(cousin, "cousin")).status()).isEqualTo(204);
            var one = Fortress.call("GET", "flavors/" + slice, "");
            assertThat(seller.ask(seller.wire(cousin, "cousin"), one).status()).isEqualTo(404);
            var ask = RearDomain.reservation(slice, "cousin", "2", "4Gi", "10");
            var reserve = Fortress.call("POST", "reservations", ask);
            var no = seller.ask(seller.wire(cousin, "cousin"), reserve);
            assertThat(no.status()).isEqualTo(403);
            assertThat(no.body()).startsWith("you may not reserve here");
            var theirs = Fortress.call("POST", "reservations", ask.replace("cousin.example", "north.anna.example"));
            assertThat(seller.ask(seller.wire(anna, "anna"), theirs).status()).isEqualTo(200);
            assertThat(list(seller, seller.wire(NodeKeys.fresh(), "who")).status())
                    .isEqualTo(204);
        }
    }

    @Test
    void a_domain_that_nobody_vouches_for_opens_nothing_and_is_shut_out_by_its_name() {
        var rules = new ArrayList<>(List.of(
                rule(Caller.Standing.PEER, "*.rival.example", Set.of(Message.PURCHASE), "", false),
                rule(Caller.Standing.PEER, "good.example", EnumSet.allOf(Message.class), "", true)));
        rules.addAll(Rights.USUAL.rules());
        try (var seller = new Fortress(true, new Rights(rules), Signing.NONE, 1_000, 1_000)) {
            var slice = seller.domain.offer();
            seller.pin(anna, "anna", "", false);
            var wire = seller.wire(anna, "anna");
            var held = seller.ask(
                    wire,
                    Fortress.call("POST", "reservations", RearDomain.reservation(slice, "a.rival", "2", "4Gi", "10")));
            assertThat(held.status()).as(held.body()).isEqualTo(200);
            var name = holdfast.platform.Json.tree(held.body())
                    .path("transactionID")
                    .asString();
            var no = seller.ask(wire, Fortress.call("POST", "transactions/" + name + "/purchase", "{}"));
            assertThat(no.status()).as(no.body()).isEqualTo(403);
            var direct = Fortress.call(
                            "POST", "reservations", RearDomain.reservation(slice, "b.rival", "1", "2Gi", "5"))
                    .asking(Map.of("agreement", List.of("direct")));
            assertThat(seller.ask(wire, direct).status()).isEqualTo(403);
            var opened = new Rights(rules.subList(0, 2));
            var said = new Caller(Caller.Standing.PEER, "", false, "node").saying("good.example");
            assertThat(opened.permits(said, Message.RESERVE)).isFalse();
            assertThat(opened.permits(new Caller(Caller.Standing.PEER, "good.example", true, "node"), Message.RESERVE))
                    .isTrue();
        }
    }

    private static Rights.Rule rule(
            Caller.Standing from, String domain, Set<Message> messages, String flavor, boolean permits) {
        return new Rights.Rule(
                from,
                Optional.of(domain).filter(text -> !text.isEmpty()),
                Optional.empty(),
                messages,
                Label.of(flavor),
                permits);
    }

    @Test
    void nothing_is_told_to_who_does_not_speak_tls_and_the_key_is_shown_to_all_others() {
        try (var seller = Fortress.usual(false)) {
            var told = seller.ask(seller.wire(cousin, "who"), Fortress.call("GET", "capabilities", ""));
            var shown = holdfast.platform.Json.tree(told.body());
            assertThat(shown.path("auth").get(0).asString()).isEqualTo("bearer");
            assertThat(shown.path("jwk").path("x").asString())
                    .isEqualTo(seller.keys.jwk().get("x"));
            assertThat(told.body()).doesNotContain("\"d\"");
            assertThat(cousin.toString()).doesNotContain("\"d\"", "PRIVATE");
        }
    }
}
