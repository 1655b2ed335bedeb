package holdfast.api.rear;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.broker.market.Buyer;
import holdfast.federation.trust.Pin;
import holdfast.protocol.rear.FlavorIds;
import holdfast.protocol.rear.NodeIdentity;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// As whom somebody buys who has proved a key.
final class PassportTest {
    private static final Passport SUPERNODE = proved("supernode");
    private static final Passport NODE = proved("node");

    private static Passport proved(String role) {
        return new Passport.Proved(new Pin("key", Optional.of("sp"), "jura.example", false, false, role));
    }

    private static NodeIdentity named(String id) {
        return new NodeIdentity(id, "10.0.0.7:30000", "jura.example", Optional.empty());
    }

    private static String key(Passport passport, String id) {
        return passport.buyer(named(id), "fabric").key();
    }

    @Test
    void customers_of_a_supernode_are_buyers_of_their_own_under_its_key() {
        var anna = FlavorIds.customer("sp", "anna");
        var bert = FlavorIds.customer("sp", "bert");
        assertThat(key(SUPERNODE, anna)).isNotEqualTo(key(SUPERNODE, bert));
        assertThat(SUPERNODE.mayActFor(key(SUPERNODE, anna))).isTrue();
        assertThat(key(SUPERNODE, "sp")).isEqualTo("key");
    }

    @Test
    void other_nodes_are_one_buyer_whatever_they_say() {
        assertThat(key(NODE, FlavorIds.customer("sp", "anna"))).isEqualTo("key");
        assertThat(key(SUPERNODE, "anna")).isEqualTo("key");
        assertThat(NODE.mayActFor("keyhole")).isFalse();
    }

    @Test
    void of_which_domain_it_is_counts_if_somebody_vouches_for_it() {
        var home = new Passport.Proved(new Pin("key", Optional.of("sp"), "jura.example", true, false, "node"));
        assertThat(home.vouched()).contains("jura.example");
        assertThat(NODE.vouched()).isEmpty();
        assertThat(home.buyer(named("sp"), "fabric").party()).isEqualTo("jura.example");
        assertThat(NODE.buyer(named("sp"), "fabric").party()).isEqualTo("?key");
        assertThat(Passport.unproved().buyer(named("sp"), "fabric").party()).isEqualTo("jura.example");
        var stranger = new Passport.Stranger("no key");
        assertThat(stranger.buyer(named("a"), "fabric").party())
                .isEqualTo(stranger.buyer(named("b"), "fabric").party());
    }

    @Test
    void of_a_customer_it_is_known_who_asks_and_whether_administrators_vouch_for_it() {
        var anna = named(FlavorIds.customer("sp", "anna"));
        var own = new Passport.Proved(new Pin("key", Optional.of("sp"), "jura.example", true, true, "supernode"));
        assertThat(SUPERNODE.buyer(anna, "fabric").caller()).contains(new Buyer.Caller("key", false));
        assertThat(own.buyer(anna, "fabric").caller()).contains(new Buyer.Caller("key", true));
        assertThat(NODE.buyer(anna, "fabric").caller()).isEmpty();
    }
}
