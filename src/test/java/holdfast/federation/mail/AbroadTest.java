package holdfast.federation.mail;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.core.Answer;
import holdfast.core.Capacities;
import holdfast.core.Demand;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.core.SliceId;
import holdfast.core.SliverId;
import holdfast.engine.Post.Envelope;
import holdfast.protocol.LeaseInfo;
import holdfast.protocol.Loan;
import holdfast.protocol.Message;
import holdfast.protocol.Message.ClaimDelegation;
import holdfast.protocol.Message.Close;
import holdfast.protocol.Message.ReclaimDelegation;
import holdfast.protocol.Message.Redeem;
import holdfast.protocol.Message.UpdateDelegation;
import holdfast.protocol.Message.UpdateLease;
import holdfast.protocol.Placement;
import holdfast.protocol.SliceInfo;
import holdfast.protocol.Ticket;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/// Names and kinds at the border.
final class AbroadTest {
    private static final UUID OURS = UUID.fromString("0197b1e0-0000-7000-8000-000000000001");
    private static final UUID THEIRS = UUID.fromString("0197b1e0-0000-7000-8000-000000000002");
    private static final UUID THING = UUID.fromString("0197b1e0-0000-7000-8000-000000000003");
    private static final SliverId SLIVER = new SliverId(THING);
    private static final Interval TERM =
            new Interval(Instant.parse("2030-01-01T00:00:00Z"), Instant.parse("2030-01-02T00:00:00Z"));

    private static Redeem redeem(String broker, String authority, String owner, String project) {
        var demand =
                new Demand("VM", "n", "b-1", Capacities.of(1, 1, 1), Optional.empty(), Optional.empty(), List.of());
        var placement = new Placement("x", "b-1-host", Capacities.of(1, 1, 1), List.of());
        return new Redeem(
                SLIVER,
                new SliceInfo(new SliceId(THING), "s", project, owner, List.of("ssh-ed25519 AAAA")),
                new Ticket(SLIVER, THING, broker, authority, TERM, demand, placement));
    }

    private static Envelope from(String sender, String receiver, Message message) {
        return new Envelope(THING, sender, receiver, message);
    }

    private static Letter told(UUID contract, Envelope envelope) {
        return Abroad.leaving(contract, envelope).orThrow();
    }

    private static Letter through(Letter letter) {
        return MailText.read(MailText.write(new Mail(List.of(letter), List.of())))
                .orThrow()
                .letters()
                .getFirst();
    }

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.strings()
                .withCharRange('a', 'z')
                .withChars('0', '9', '-')
                .ofMinLength(0)
                .ofMaxLength(20)
                .map(rest -> "a" + rest);
    }

    @Property(tries = 300)
    void what_a_buyer_says_arrives_with_every_name_of_its_own_and_bare_it_is_the_same_again(
            @ForAll("names") String actor, @ForAll("names") String broker, @ForAll("names") String authority) {
        var messages = List.of(
                new ClaimDelegation(THING, THEIRS.toString()),
                new ReclaimDelegation(THING, OURS),
                new Close(SLIVER),
                redeem(broker, authority + "@" + OURS, "-", "physics"));
        for (var message : messages) {
            var letter = through(told(OURS, from(actor, authority + "@" + OURS, message)));
            var there = Abroad.atSeller(THEIRS, authority, letter).orThrow();
            assertThat(there.sender()).isEqualTo(actor + "@" + THEIRS);
            assertThat(there.receiver()).isEqualTo(authority);
            // the same message, said by the seller's names of everybody
            assertThat(there.toString().replace("@" + THEIRS, ""))
                    .isEqualTo(from(actor, authority, message).toString().replace("@" + OURS, ""));
            if (there.message() instanceof Redeem(var _, var slice, var ticket)) {
                assertThat(ticket.broker()).isEqualTo(broker + "@" + THEIRS);
                assertThat(ticket.authority()).isEqualTo(authority);
                assertThat(slice.project()).isEqualTo("physics@" + THEIRS);
            }
        }
    }

    @Property(tries = 300)
    void what_a_seller_says_arrives_as_it_was(@ForAll("names") String authority) {
        var update = new UpdateDelegation(
                THING, THEIRS, THEIRS.toString(), Optional.of(TERM), Optional.of("<graphml/>"), Optional.empty());
        var info = new LeaseInfo("b-1-host", List.of(), Map.of("vm.address", "10.0.0.4"));
        var active = new UpdateLease(SLIVER, 3, UpdateLease.State.ACTIVE, Optional.of(info), Optional.empty());
        for (var message : List.of(update, active)) {
            var letter = through(told(THEIRS, from(authority, Abroad.BROKER + "@" + THEIRS, message)));
            assertThat(Abroad.atBuyer(OURS, letter).orThrow())
                    .isEqualTo(from(authority + "@" + OURS, Abroad.BROKER, message));
        }
    }

    @Test
    void who_owns_a_slice_and_what_broke_in_which_host_stays_at_home() {
        var redeem = told(OURS, from("orchestrator", "lab@" + OURS, redeem("broker", "lab@" + OURS, "alice", "p")));
        assertThat(redeem.toString()).doesNotContain("alice");
        var why = Refusal.broken("lab-w2: no space on /var/lib");
        var facts = Map.of("vm.pid", "411", "vm.console", "/var/c", "vm.address", "10.0.0.4");
        var lost = new UpdateLease(
                SLIVER,
                1,
                UpdateLease.State.LOST,
                Optional.of(new LeaseInfo("b-1-host", List.of(), facts)),
                Optional.of(why));
        var letter = (UpdateLease)
                told(THEIRS, from("lab", "broker@" + THEIRS, lost)).message();
        assertThat(letter.refusal().orElseThrow().message()).doesNotContain("lab-w2");
        assertThat(letter.refusal().orElseThrow().kind()).isEqualTo(Refusal.Kind.BROKEN);
        assertThat(letter.lease().orElseThrow().facts()).isEqualTo(Map.of("vm.address", "10.0.0.4"));
    }

    @Test
    void nothing_else_leaves() {
        var lend = new Message.Lend(THING, new Loan(THING, "h", Capacities.of(1, 1, 1), TERM, "b"));
        for (var message : List.of(lend, new Message.Unlend(THING), new Message.GiveBack(THING))) {
            assertThat(Abroad.leaving(OURS, from("broker", "lab@" + OURS, message)))
                    .isInstanceOf(Answer.No.class);
        }
    }

    private static void refused(String field, Answer<Envelope> answer) {
        assertThat(answer)
                .isInstanceOfSatisfying(
                        Answer.No.class, no -> assertThat(no.why().field()).contains(field));
    }

    private static Letter letter(String from, String to, Message message) {
        return new Letter(THING, from, to, message);
    }

    @Test
    void a_buyer_speaks_of_its_own_contract_to_its_own_authority_only() {
        var claim = new ClaimDelegation(THING, THEIRS.toString());
        refused("to", Abroad.atSeller(THEIRS, "lab", letter("broker", "north", claim)));
        refused("to", Abroad.atSeller(THEIRS, "lab", letter("broker", "broker", claim)));
        refused("from", Abroad.atSeller(THEIRS, "lab", letter("broker@" + OURS, "lab", claim)));
        refused("from", Abroad.atSeller(THEIRS, "lab", letter("", "lab", claim)));
        refused(
                "body.delegation",
                Abroad.atSeller(THEIRS, "lab", letter("broker", "lab", new ClaimDelegation(THING, "primary"))));
        refused(
                "body.ticket.broker",
                Abroad.atSeller(THEIRS, "lab", letter("o", "lab", redeem("broker@" + OURS, "lab", "-", "p"))));
        refused(
                "body.ticket.authority",
                Abroad.atSeller(THEIRS, "lab", letter("o", "lab", redeem("broker", "north", "-", "p"))));
        var lent = new UpdateDelegation(THING, THING, "x", Optional.empty(), Optional.empty(), Optional.empty());
        refused("kind", Abroad.atSeller(THEIRS, "lab", letter("broker", "lab", lent)));
    }

    @Test
    void a_seller_speaks_to_broker_and_orchestrator_only_and_in_whole_sentences() {
        var lent = new UpdateDelegation(THING, THING, "x", Optional.empty(), Optional.empty(), Optional.empty());
        refused("to", Abroad.atBuyer(OURS, letter("lab", "orchestrator", lent)));
        refused("to", Abroad.atBuyer(OURS, letter("lab", "lab", update(UpdateLease.State.CLOSED))));
        refused("body", Abroad.atBuyer(OURS, letter("lab", "broker", update(UpdateLease.State.ACTIVE))));
        refused("body", Abroad.atBuyer(OURS, letter("lab", "broker", update(UpdateLease.State.FAILED))));
        refused("body", Abroad.atBuyer(OURS, letter("lab", "broker", update(UpdateLease.State.PREPARED))));
        refused("kind", Abroad.atBuyer(OURS, letter("lab", "broker", new Close(SLIVER))));
        refused("from", Abroad.atBuyer(OURS, letter("lab@x", "broker", update(UpdateLease.State.CLOSED))));
    }

    private static UpdateLease update(UpdateLease.State state) {
        return new UpdateLease(SLIVER, 1, state, Optional.empty(), Optional.empty());
    }

    @Test
    void mail_that_is_no_mail_is_refused_by_name() {
        var good = MailText.write(new Mail(List.of(letter("broker", "lab", new Close(SLIVER))), List.of(THING)));
        assertThat(MailText.read(good)).isInstanceOf(Answer.Yes.class);
        assertThat(why("[]")).contains("body must be an object");
        assertThat(why("{")).contains("no JSON");
        assertThat(why(good.replace("Close", "Lend"))).contains("envelopes[0].kind is Lend");
        assertThat(why(good.replace("\"value\"", "\"other\""))).contains("envelopes[0].body is no Close");
        assertThat(why(good.replace("\"to\":\"lab\"", "\"to\":7"))).contains("envelopes[0].to must be text");
        assertThat(why(good.replace("\"taken\":[\"", "\"taken\":[\"x"))).contains("taken[0] must be a UUID");
        assertThat(why("{\"taken\":5}")).contains("taken must be a list");
        assertThat(why(" ".repeat(Mail.LARGEST) + "{}")).contains("send at most 262144");
    }

    private static String why(String text) {
        return MailText.read(text) instanceof Answer.No<Mail>(var why) ? why.message() : "taken: " + text;
    }
}
