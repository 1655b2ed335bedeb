package holdfast.broker.market;

import holdfast.core.Refusal;
import holdfast.protocol.rear.Dimension;
import holdfast.protocol.rear.Vector;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// For how long pieces are held, and how much one buyer may hold (fluidos.md 6.11, 6.12).
///
/// @param life of a hold (TTP), 30 to 3,600 seconds
/// @param holds of one buyer at once
/// @param share percent of a root that one buyer may hold, 1 to 100
/// @param held most that all buyers of a domain may hold together; dimensions that are not named have no limit
/// @param contracts that live at once, of all buyers of a domain
public record HoldPolicy(Duration life, int holds, int share, Vector held, long contracts) {
    private static final Duration SHORTEST = Duration.ofSeconds(30);
    private static final Duration LONGEST = Duration.ofSeconds(3600);
    private static final Duration OF_HOARDERS = Duration.ofSeconds(60);
    private static final int ENOUGH = 50;
    private static final int PERCENT = 100;
    private static final int HOARDING = 5;

    /// So many times as many holds as one buyer may have who asks for others: anybody may call itself a supernode.
    private static final int OF_CALLER = 5;

    private static final int OF_KNOWN_CALLER = 50;

    public static final HoldPolicy USUAL =
            new HoldPolicy(Duration.ofSeconds(900), 20, 100, Vector.NONE, Long.MAX_VALUE);

    /// @throws IllegalArgumentException if a limit is outside of its bounds
    public HoldPolicy {
        if (life.compareTo(SHORTEST) < 0 || life.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("a hold lasts 30 to 3600 seconds, not " + life.toSeconds());
        }
        if (holds < 1 || share < 1 || share > PERCENT || contracts < 0) {
            throw new IllegalArgumentException(
                    "one hold and 1 percent at least, 100 percent at most, and no negative" + " number of contracts");
        }
    }

    /// What a buyer has done and has, without what is asked for now and without the hold that it would renew.
    ///
    /// @param holds ever made
    /// @param purchases ever made of them
    /// @param holding holds at present
    /// @param ofRoot what the buyer holds of the root in question
    /// @param ofDomain what all buyers of the domain hold
    /// @param contracts that all buyers of the domain have
    public record Dealings(long holds, long purchases, int holding, Vector ofRoot, Vector ofDomain, long contracts) {}

    /// Until when a hold made now lasts: whole seconds. Who has held 50 pieces or more and bought less than one in
    /// twenty gets a minute.
    public Instant until(Dealings dealings, Instant now) {
        boolean hoards = dealings.holds() >= ENOUGH && dealings.purchases() * PERCENT < dealings.holds() * HOARDING;
        var lasts = hoards && life.compareTo(OF_HOARDERS) > 0 ? OF_HOARDERS : life;
        return now.plus(lasts).truncatedTo(ChronoUnit.SECONDS);
    }

    /// Whether who asks for others may hold one piece more.
    ///
    /// @param holding for all of its customers at present
    /// @return why not, naming the limit
    public Optional<Refusal> crowded(Buyer.Caller caller, int holding) {
        long most = (long) holds * (caller.known() ? OF_KNOWN_CALLER : OF_CALLER);
        return holding < most
                ? Optional.empty()
                : clash("you hold " + holding + " pieces here for your customers, and may hold " + most
                        + " in all: have some bought or cancelled");
    }

    /// Whether the buyer may hold `asked` of a root that has `root`.
    ///
    /// @return why not, naming the limit
    public Optional<Refusal> fault(Dealings dealings, Vector asked, Vector root) {
        if (dealings.holding() >= holds) {
            return clash("you hold " + dealings.holding() + " pieces here, which is the most that one buyer may: buy"
                    + " or cancel some");
        }
        if (dealings.contracts() >= contracts) {
            return clash("your domain has " + dealings.contracts() + " contracts here, which is the most that it may:"
                    + " release some");
        }
        var ofRoot = dealings.ofRoot().plus(asked);
        var ofDomain = dealings.ofDomain().plus(asked);
        for (var dimension : Dimension.values()) {
            if (ofRoot.get(dimension)
                            .times(PERCENT)
                            .compareTo(root.get(dimension).times(share))
                    > 0) {
                return clash("you would hold " + ofRoot.get(dimension) + " " + dimension.word() + " of "
                        + root.get(dimension) + ", and one buyer may hold " + share + " percent: ask for less");
            }
            var most = held.get(dimension);
            if (most.signum() > 0 && ofDomain.get(dimension).compareTo(most) > 0) {
                return clash("your domain would hold " + ofDomain.get(dimension) + " " + dimension.word()
                        + ", and it may hold " + most + ": buy or cancel some");
            }
        }
        return Optional.empty();
    }

    private static Optional<Refusal> clash(String message) {
        return Optional.of(Refusal.clash(message));
    }
}
