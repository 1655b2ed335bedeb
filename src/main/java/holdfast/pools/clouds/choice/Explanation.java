package holdfast.pools.clouds.choice;

import holdfast.core.Refusal;
import holdfast.pools.clouds.CloudAccount;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Where a launch can be made and where not, and why (aeolus.md 6.5).
///
/// @param objections against the launch itself
/// @param accounts all of the family: those that will do in the order in which they are tried, then the others by label
public record Explanation(List<Objection> objections, List<Verdict> accounts) {
    private static final int LONGEST = 4_000;

    public Explanation {
        objections = List.copyOf(objections);
        accounts = List.copyOf(accounts);
    }

    /// What is said of one account.
    ///
    /// @param objections empty if it will do
    /// @param rank from 1, if it will do
    /// @param group score of the priority group in which it has its rank
    /// @param score in that group, -100..100
    /// @param candidates what can be tried there, in this order
    /// @param price of an hour, the mean over the assemblies, if all are known
    /// @param notes what else matters, for people
    /// @param named whoever asks may know which account it is (aeolus.md 10, row 17)
    public record Verdict(
            CloudAccount account,
            List<Objection> objections,
            OptionalInt rank,
            OptionalInt group,
            OptionalDouble score,
            List<Candidate> candidates,
            Optional<BigDecimal> price,
            List<String> notes,
            boolean named) {
        public Verdict {
            objections = List.copyOf(objections);
            candidates = List.copyOf(candidates);
            notes = List.copyOf(notes);
        }

        boolean isPossible() {
            return objections.isEmpty();
        }

        /// The same for somebody who may not know which account it is, and so not what only its provider can
        /// have told.
        private Verdict unnamed() {
            var bare = objections.stream().map(Objection::bare).toList();
            return new Verdict(account, bare, rank, group, score, candidates, price, notes, false);
        }

        private Stream<String> told() {
            return objections.stream()
                    .map(objection -> named ? account.label() + ": " + objection.coded() : objection.coded());
        }
    }

    /// The same as it is told to somebody: of accounts without names the same reasons once.
    ///
    /// @param known which accounts they may know of
    public Explanation knowing(Predicate<CloudAccount> known) {
        var told = new HashSet<List<Objection>>();
        var all = new ArrayList<Verdict>();
        for (var verdict : accounts) {
            var shown = known.test(verdict.account()) ? verdict : verdict.unnamed();
            if (shown.named || shown.isPossible() || told.add(shown.objections)) {
                all.add(shown);
            }
        }
        return new Explanation(objections, all);
    }

    /// What to try, in this order; none if the launch is refused. After a failure it is chosen anew, with fresh
    /// facts and the same seed.
    public List<Candidate> candidates() {
        return objections.isEmpty()
                ? accounts.stream()
                        .flatMap(verdict -> verdict.candidates().stream())
                        .toList()
                : List.of();
    }

    /// Whether nothing can be tried now, and something could once images can be looked up again: then a launch
    /// waits.
    public boolean waitsForImages() {
        return objections.isEmpty()
                && candidates().isEmpty()
                && accounts.stream()
                        .anyMatch(verdict -> verdict.objections().stream()
                                .allMatch(objection -> objection.reason() == Reason.IMAGE_MAPPER_UNAVAILABLE));
    }

    /// Why it is refused, with all reasons; those of accounts only if none will do. Empty if something can be
    /// tried. NOT_YOURS if all are matters of rights or quotas, SILENT if it is worth waiting, else CLASH.
    public Optional<Refusal> refusal() {
        if (!candidates().isEmpty()) {
            return Optional.empty();
        }
        var hopeless = accounts.stream().anyMatch(Verdict::isPossible) ? List.<Verdict>of() : accounts;
        var text = Stream.concat(
                        objections.stream().map(Objection::coded),
                        hopeless.stream().flatMap(Verdict::told))
                .distinct()
                .collect(Collectors.joining("; "));
        var told = text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text;
        if (waitsForImages()) {
            return Optional.of(Refusal.silent(told));
        }
        boolean forbidden = Stream.concat(
                        objections.stream(), hopeless.stream().flatMap(verdict -> verdict.objections().stream()))
                .allMatch(objection -> objection.reason().forbids());
        return Optional.of(forbidden ? Refusal.notYours(told) : Refusal.clash(told));
    }
}
