package holdfast.pools.clouds.choice;

import static java.util.Comparator.comparing;
import static java.util.Objects.requireNonNull;

import holdfast.pools.clouds.CloudAccount;
import holdfast.pools.clouds.CloudPool.Strategy;
import holdfast.pools.clouds.LaunchRequest;
import holdfast.pools.clouds.LaunchRequest.Assembly;
import holdfast.pools.clouds.choice.AccountChecks.Look;
import holdfast.pools.clouds.choice.Explanation.Verdict;
import holdfast.pools.clouds.choice.Facts.Images;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Chooses the accounts at which a launch is tried (aeolus.md 6.5). The same request, facts and seed give the same
/// choice, in whichever order accounts and profiles come.
public final class Selection {
    private Selection() {}

    /// @param seed of the launch, kept with it
    public static Explanation choose(LaunchRequest request, Facts facts, long seed) {
        if (facts.images().size() != request.assemblies().size()) {
            throw new IllegalArgumentException("facts of " + facts.images().size() + " images for "
                    + request.assemblies().size() + " assemblies");
        }
        var objections = Stream.concat(launch(request, facts), assemblies(request, facts))
                .toList();
        var checks = new AccountChecks(request, facts);
        var looks = request.pool().family().accounts().stream()
                .sorted(comparing(CloudAccount::label).thenComparing(CloudAccount::id))
                .map(checks::look)
                .toList();
        var possible = looks.stream().filter(Look::isPossible).toList();
        var prices = possible.stream()
                .filter(look -> look.price().isPresent())
                .collect(Collectors.toMap(
                        look -> look.account().id(), look -> look.price().orElseThrow()));
        var rank = Rank.of(request.pool(), possible.stream().map(Look::account).toList(), facts, prices);
        var byAccount = possible.stream()
                .collect(Collectors.toMap(look -> look.account().id(), look -> look));
        boolean priced = request.pool().strategies().stream().anyMatch(Strategy.CostOrder.class::isInstance);
        var ranked = Draw.order(rank, seed, request.pool().deterministic()).stream()
                .map(place -> verdict(requireNonNull(byAccount.get(place.account())), place, priced));
        var others = looks.stream().filter(look -> !look.isPossible()).map(Selection::verdict);
        return new Explanation(objections, Stream.concat(ranked, others).toList());
    }

    /// Step 1.
    private static Stream<Objection> launch(LaunchRequest request, Facts facts) {
        int count = request.assemblies().size();
        var accounts = request.pool().family().accounts();
        var found = new ArrayList<Objection>();
        add(found, !request.pool().enabled(), Reason.POOL_DISABLED);
        add(found, accounts.isEmpty(), Reason.NO_PROVIDER_ACCOUNTS);
        add(
                found,
                !accounts.isEmpty()
                        && accounts.stream()
                                .noneMatch(account -> account.provider().enabled()),
                Reason.ALL_PROVIDERS_DISABLED);
        add(found, !facts.pool().letsRun(count), Reason.POOL_QUOTA_REACHED);
        add(found, !facts.family().letsRun(count), Reason.POOL_FAMILY_QUOTA_REACHED);
        add(found, !facts.user().letsRun(count), Reason.USER_QUOTA_REACHED);
        var full = Stream.of(
                        facts.pool().holds(count) ? "" : "pool",
                        facts.family().holds(count) ? "" : "pool family",
                        facts.user().holds(count) ? "" : "user")
                .filter(owner -> !owner.isEmpty())
                .collect(Collectors.joining(", "));
        if (!full.isEmpty()) {
            found.add(Objection.of(Reason.TOTAL_QUOTA_REACHED, full));
        }
        return found.stream();
    }

    private static void add(List<Objection> found, boolean applies, Reason reason) {
        if (applies) {
            found.add(Objection.of(reason));
        }
    }

    /// Step 2.
    private static Stream<Objection> assemblies(LaunchRequest request, Facts facts) {
        var found = new ArrayList<Objection>();
        for (int i = 0; i < request.assemblies().size(); i++) {
            var assembly = request.assemblies().get(i);
            assembly(assembly, facts.images().get(i), facts)
                    .map(objection -> request.assemblies().size() > 1 ? objection.about(assembly.name()) : objection)
                    .forEach(found::add);
        }
        add(
                found,
                request.realm()
                        .filter(realm ->
                                realm.providers().isEmpty() && realm.realms().isEmpty())
                        .isPresent(),
                Reason.FRONTEND_REALM_NO_TARGETS);
        return found.stream();
    }

    private static Stream<Objection> assembly(Assembly assembly, Images images, Facts facts) {
        var profile = assembly.profile();
        var image = assembly.image();
        var found = new ArrayList<Objection>();
        if (facts.forbidden().contains(profile.id())) {
            found.add(Objection.of(Reason.HARDWARE_PROFILE_NO_PERMISSION, profile.name()));
        }
        if (images instanceof Images.Unknown) {
            found.add(Objection.of(Reason.IMAGE_NOT_FOUND, image.id()));
        }
        if (!Profiles.allows(profile, image.architecture())) {
            found.add(Objection.of(
                    Reason.ARCHITECTURE_MISMATCH,
                    image.architecture().orElse("") + ", not " + String.join(" or ", profile.architectures())));
        }
        return found.stream();
    }

    private static Verdict verdict(Look look, Draw.Place place, boolean priced) {
        var notes = new ArrayList<String>();
        if (priced && look.price().isEmpty()) {
            notes.add("its price is not known: no reward for being cheap");
        }
        if (place.isLastResort()) {
            notes.add("launches failed there too often of late: the last resort");
        }
        return new Verdict(
                look.account(),
                List.of(),
                OptionalInt.of(place.number()),
                OptionalInt.of(place.group()),
                OptionalDouble.of(place.score()),
                look.candidates(),
                look.price(),
                notes,
                true);
    }

    private static Verdict verdict(Look look) {
        return new Verdict(
                look.account(),
                look.objections(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalDouble.empty(),
                List.of(),
                look.price(),
                List.of(),
                true);
    }
}
