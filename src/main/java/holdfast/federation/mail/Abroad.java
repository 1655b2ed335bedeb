package holdfast.federation.mail;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.engine.Post.Envelope;
import holdfast.protocol.LeaseInfo;
import holdfast.protocol.Message;
import holdfast.protocol.Message.ClaimDelegation;
import holdfast.protocol.Message.Close;
import holdfast.protocol.Message.ReclaimDelegation;
import holdfast.protocol.Message.Redeem;
import holdfast.protocol.Message.UpdateDelegation;
import holdfast.protocol.Message.UpdateLease;
import holdfast.protocol.SliceInfo;
import holdfast.protocol.Ticket;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What actors of two domains may say to each other under a contract, and in which names (fluidos.md 4.6). Pure.
///
/// On the way all names are bare. Whoever takes a message in adds `@` and the UUID of its own record of the contract to
/// every name of an actor there, so nobody outside can speak in the name of an actor here. What the other domain need
/// not know stays at home: who owns a slice, what our hosts are called, and what broke in them.
public final class Abroad {
    /// Who may be addressed at a buyer.
    static final String BROKER = "broker";

    static final String ORCHESTRATOR = "orchestrator";

    /// All that may be said.
    static final Set<Class<? extends Message>> KINDS = Set.of(
            ClaimDelegation.class,
            ReclaimDelegation.class,
            Redeem.class,
            Close.class,
            UpdateDelegation.class,
            UpdateLease.class);

    private static final String NOBODY = "-";
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9.-]{0,62}");

    /// Facts of a lease that say how a machine is run on its host, not what it is like.
    private static final Pattern OF_THE_HOST = Pattern.compile("(.*\\.)?(pid|console|console\\.log|host\\.bdf)");

    /// Later than any contract ends, and before what no database can keep.
    private static final Instant FAR = Instant.parse("9000-01-01T00:00:00Z");

    private Abroad() {}

    /// What [#KINDS] are called.
    static Set<String> words() {
        return KINDS.stream().map(Class::getSimpleName).collect(Collectors.toCollection(TreeSet::new));
    }

    /// What we call an actor that speaks under a contract.
    public static String name(String bare, UUID contract) {
        return bare + "@" + contract;
    }

    /// Under which contract an actor of another domain is spoken to.
    ///
    /// @return empty if it is one of ours
    public static Optional<UUID> contract(String name) {
        int at = name.lastIndexOf('@');
        return at < 0 ? Optional.empty() : Optional.of(UUID.fromString(name.substring(at + 1)));
    }

    private static String bare(String name, UUID contract) {
        var end = "@" + contract;
        return name.endsWith(end) ? name.substring(0, name.length() - end.length()) : name;
    }

    /// One of our messages as it is told there.
    ///
    /// @return no if it is none that is said to others
    static Answer<Letter> leaving(UUID contract, Envelope envelope) {
        Optional<Message> told = switch (envelope.message()) {
            case ClaimDelegation claim -> Optional.of(claim);
            case ReclaimDelegation reclaim -> Optional.of(reclaim);
            case Close close -> Optional.of(close);
            case Redeem(var sliver, var slice, var ticket) ->
                Optional.of(new Redeem(
                        sliver,
                        new SliceInfo(slice.id(), slice.name(), slice.project(), NOBODY, slice.sshKeys()),
                        between(ticket, ticket.broker(), bare(ticket.authority(), contract))));
            case UpdateDelegation update ->
                Optional.of(new UpdateDelegation(
                        update.claim(),
                        update.delegation(),
                        update.name(),
                        update.term(),
                        update.graph(),
                        update.refusal().map(Abroad::told)));
            case UpdateLease update ->
                Optional.of(new UpdateLease(
                        update.sliver(),
                        update.sequence(),
                        update.state(),
                        update.lease().map(Abroad::told),
                        update.refusal().map(Abroad::told)));
            default -> Optional.empty();
        };
        return told.map(message -> Answer.yes(
                        new Letter(envelope.id(), envelope.sender(), bare(envelope.receiver(), contract), message)))
                .orElseGet(() -> Answer.no(Refusal.malformed(
                        "kind", envelope.message().getClass().getSimpleName() + " is not for other domains to hear")));
    }

    /// What a buyer says, as the lending authority is told it.
    ///
    /// @param contract the seller's record, after which the delegation is called
    /// @param authority the one that lends
    /// @return [Refusal.Kind#MALFORMED] if it may not say that, or not to that actor
    public static Answer<Envelope> atSeller(UUID contract, String authority, Letter letter) {
        if (!letter.to().equals(authority)) {
            return wrong("to", "must be " + authority + ", the authority that lends under this contract");
        }
        return switch (letter.message()) {
            case ClaimDelegation claim ->
                claim.delegation().equals(contract.toString())
                        ? taken(contract, letter, claim)
                        : wrong("body.delegation", "must be " + contract + ", what the contract lends");
            case ReclaimDelegation reclaim -> taken(contract, letter, reclaim);
            case Close close -> taken(contract, letter, close);
            case Redeem redeem -> redeemed(contract, authority, letter, redeem);
            default -> wrong("kind", "is nothing that a buyer says");
        };
    }

    private static Answer<Envelope> redeemed(UUID contract, String authority, Letter letter, Redeem redeem) {
        var ticket = redeem.ticket();
        if (!ticket.authority().equals(authority)) {
            return wrong("body.ticket.authority", "must be " + authority);
        }
        if (!NAME.matcher(ticket.broker()).matches()) {
            return wrong("body.ticket.broker", "must be the bare name of an actor");
        }
        if (ticket.term().until().isAfter(FAR)) {
            return wrong("body.ticket.term", "ends later than any contract");
        }
        var slice = redeem.slice();
        var theirs = new SliceInfo(
                slice.id(), slice.name(), name(slice.project(), contract), slice.owner(), slice.sshKeys());
        var ours = between(ticket, name(ticket.broker(), contract), authority);
        return taken(contract, letter, new Redeem(redeem.sliver(), theirs, ours));
    }

    /// What a seller says, as an actor of the buyer is told it.
    ///
    /// @param contract the buyer's record
    static Answer<Envelope> atBuyer(UUID contract, Letter letter) {
        return switch (letter.message()) {
            case UpdateDelegation update -> {
                if (!letter.to().equals(BROKER)) {
                    yield wrong("to", "must be " + BROKER);
                }
                yield update.term().filter(term -> term.until().isAfter(FAR)).isPresent()
                        ? wrong("body.term", "ends later than any contract")
                        : taken(contract, letter, update);
            }
            case UpdateLease update -> {
                if (!letter.to().equals(BROKER) && !letter.to().equals(ORCHESTRATOR)) {
                    yield wrong("to", "must be " + BROKER + " or " + ORCHESTRATOR);
                }
                yield isWhole(update) ? taken(contract, letter, update) : wrong("body", "does not fit its state");
            }
            default -> wrong("kind", "is nothing that a seller says");
        };
    }

    private static boolean isWhole(UpdateLease update) {
        return switch (update.state()) {
            case ACTIVE -> update.lease().isPresent();
            case FAILED, LOST -> update.refusal().isPresent();
            case CLOSED, CLOSE_FAILED -> true;
            case PREPARED -> false; // nothing is held at a site
        };
    }

    private static Answer<Envelope> taken(UUID contract, Letter letter, Message message) {
        return NAME.matcher(letter.from()).matches()
                ? Answer.yes(new Envelope(letter.id(), name(letter.from(), contract), letter.to(), message))
                : wrong("from", "must be the bare name of an actor: letters, digits, - and .");
    }

    private static Ticket between(Ticket ticket, String broker, String authority) {
        return new Ticket(
                ticket.sliver(),
                ticket.delegation(),
                broker,
                authority,
                ticket.term(),
                ticket.demand().running(Optional.empty()),
                ticket.placement());
    }

    /// Why something broke here is about our hosts. Anything else was written for whoever asked.
    private static Refusal told(Refusal why) {
        var message = switch (why.kind()) {
            case BROKEN -> "something failed at the other domain, which has the details";
            case SILENT -> "something at the other domain did not answer in time";
            case NOT_THERE, NOT_YOURS, MALFORMED, NO_ROOM, CLASH -> why.message();
        };
        return new Refusal(why.kind(), message, why.field(), why.earliest());
    }

    private static LeaseInfo told(LeaseInfo lease) {
        var facts = lease.facts().entrySet().stream()
                .filter(fact -> !OF_THE_HOST.matcher(fact.getKey()).matches())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        return new LeaseInfo(lease.host(), lease.units(), facts);
    }

    private static Answer<Envelope> wrong(String field, String rule) {
        return Answer.no(Refusal.malformed(field, field + " " + rule));
    }
}
