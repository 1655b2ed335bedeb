package holdfast.pools.clouds.choice;

import static java.util.Comparator.comparing;

import holdfast.pools.clouds.CloudAccount;
import holdfast.pools.clouds.CloudProvider.Realm;
import holdfast.pools.clouds.ImageMapper.Mapped;
import holdfast.pools.clouds.LaunchRequest;
import holdfast.pools.clouds.LaunchRequest.Assembly;
import holdfast.pools.clouds.choice.Facts.Images;
import holdfast.pools.clouds.choice.Facts.Room;
import holdfast.pools.clouds.choice.Facts.Tried;
import holdfast.pools.clouds.choice.Profiles.Fit;
import holdfast.protocol.Match;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What speaks against each account, and how a launch would be made there (aeolus.md 6.5, step 3). All is checked,
/// whatever has failed before.
final class AccountChecks {
    private static final String NO_IMAGE = "no image";

    private final LaunchRequest request;
    private final Facts facts;
    /// By provider, whose accounts all have the same profiles: one for each assembly.
    private final Map<UUID, List<Optional<Fit>>> fits = new HashMap<>();

    AccountChecks(LaunchRequest request, Facts facts) {
        this.request = request;
        this.facts = facts;
    }

    /// @param candidates what has not been tried; none if something speaks against it
    /// @param price of an hour, the mean over the assemblies, if all are known
    record Look(
            CloudAccount account, List<Objection> objections, List<Candidate> candidates, Optional<BigDecimal> price) {
        boolean isPossible() {
            return objections.isEmpty();
        }
    }

    Look look(CloudAccount account) {
        var realms = realms(account);
        var fitting = fits.computeIfAbsent(account.provider().id(), _ -> fits(account));
        var objections = objections(account, realms, fitting);
        if (!objections.isEmpty()) {
            return new Look(account, objections, List.of(), Optional.empty());
        }
        var chosen = fitting.stream().flatMap(Optional::stream).toList();
        var usable = facts.images().stream()
                .flatMap(known -> usable(known, account).stream())
                .toList();
        var left = realms.stream()
                .map(realm -> candidate(account, realm, chosen, usable))
                .filter(candidate -> candidate.matches().stream().map(Tried::of).noneMatch(facts.tried()::contains))
                .toList();
        var tried = left.isEmpty() ? List.of(Objection.of(Reason.ALREADY_TRIED)) : List.<Objection>of();
        return new Look(account, tried, left, price(account, chosen));
    }

    private List<Objection> objections(
            CloudAccount account, List<Optional<String>> realms, List<Optional<Fit>> fitting) {
        var objections = new ArrayList<Objection>();
        provider(account, objections);
        if (!hasRoom(facts.accounts().getOrDefault(account.id(), Room.ENDLESS))) {
            objections.add(Objection.of(Reason.PROVIDER_ACCOUNT_QUOTA_REACHED));
        }
        eachAssembly((index, assembly) -> fitting.get(index).isPresent()
                        ? Optional.empty()
                        : Optional.of(Objection.of(
                                Reason.HW_PROFILE_MATCH_NOT_FOUND,
                                assembly.profile().name())))
                .forEach(objections::add);
        eachAssembly((index, assembly) -> image(assembly, facts.images().get(index), account))
                .forEach(objections::add);
        eachAssembly((_, assembly) -> features(assembly, account)).forEach(objections::add);
        if (realms.isEmpty()) {
            objections.add(Objection.of(Reason.REALM_NOT_MAPPED));
        }
        if (isBoundElsewhere(account)) {
            objections.add(Objection.of(Reason.BOUND_ELSEWHERE));
        }
        return objections;
    }

    /// What is at one account cannot be used at another, but for a key of which the public half is known.
    private boolean isBoundElsewhere(CloudAccount account) {
        boolean imports = request.assemblies().stream()
                .anyMatch(assembly -> assembly.features().contains(LaunchRequest.IMPORT_KEY));
        return !request.tied().isEmpty() && !request.tied().equals(Set.of(account.id()))
                || imports && !account.takes().orElse(Set.of()).contains(LaunchRequest.IMPORT_KEY);
    }

    private void provider(CloudAccount account, List<Objection> objections) {
        var provider = account.provider();
        if (!provider.enabled()) {
            objections.add(Objection.of(Reason.MUST_BE_ENABLED));
        }
        if (!provider.available()) {
            objections.add(Objection.of(Reason.PROVIDER_NOT_AVAILABLE));
        }
        if (request.driver()
                .filter(driver -> !driver.equalsIgnoreCase(provider.type().driver()))
                .isPresent()) {
            objections.add(
                    Objection.of(Reason.DRIVER_NOT_WANTED, provider.type().driver()));
        }
    }

    private boolean hasRoom(Room room) {
        int count = request.assemblies().size();
        return room.letsRun(count) && room.holds(count);
    }

    private interface Check {
        Optional<Objection> of(int index, Assembly assembly);
    }

    /// Names the assembly where there are several.
    private Stream<Objection> eachAssembly(Check check) {
        var all = new ArrayList<Objection>();
        for (int i = 0; i < request.assemblies().size(); i++) {
            var assembly = request.assemblies().get(i);
            check.of(i, assembly)
                    .map(objection -> request.assemblies().size() > 1 ? objection.about(assembly.name()) : objection)
                    .ifPresent(all::add);
        }
        return all.stream();
    }

    private List<Optional<Fit>> fits(CloudAccount account) {
        return request.assemblies().stream()
                .map(assembly ->
                        Profiles.choose(assembly.profile(), assembly.image().architecture(), account.provider()))
                .toList();
    }

    private static Optional<Objection> image(Assembly assembly, Images known, CloudAccount account) {
        return switch (known) {
            case Images.Unknown() -> Optional.of(Objection.of(Reason.IMAGE_NOT_PUSHED_TO_PROVIDER, NO_IMAGE));
            case Images.Silent(var why) -> Optional.of(Objection.of(Reason.IMAGE_MAPPER_UNAVAILABLE, why));
            case Images.Known(var accounts) ->
                switch (accounts.getOrDefault(account.id(), new Mapped.None(NO_IMAGE))) {
                    case Mapped.Usable _ -> Optional.empty();
                    case Mapped.None(var reason) ->
                        Optional.of(Objection.of(
                                Reason.IMAGE_NOT_PUSHED_TO_PROVIDER,
                                assembly.image().id() + ": " + reason));
                };
        };
    }

    private static Optional<Objection> features(Assembly assembly, CloudAccount account) {
        var missing = account.takes().stream()
                .flatMap(known -> assembly.features().stream().filter(feature -> !known.contains(feature)))
                .filter(feature -> !feature.equals(LaunchRequest.IMPORT_KEY)) // it is bound elsewhere then
                .sorted()
                .collect(Collectors.joining(", "));
        return missing.isEmpty() ? Optional.empty() : Optional.of(Objection.of(Reason.FEATURE_NOT_TAKEN, missing));
    }

    private static Optional<String> usable(Images known, CloudAccount account) {
        return known instanceof Images.Known(var accounts)
                        && accounts.get(account.id()) instanceof Mapped.Usable(var image)
                ? Optional.of(image)
                : Optional.empty();
    }

    /// Where at the account it may be made: realms by name, then anywhere if all of the provider is mapped.
    private List<Optional<String>> realms(CloudAccount account) {
        if (request.realm().isEmpty()) {
            return List.of(Optional.empty());
        }
        var wanted = request.realm().get();
        var provider = account.provider();
        var parts = provider.realms().stream()
                .filter(realm -> realm.available() && wanted.realms().contains(realm.id()))
                .filter(realm -> account.realms().contains(realm.key()))
                .sorted(comparing(Realm::name).thenComparing(Realm::key))
                .map(realm -> Optional.of(realm.key()));
        var whole = Stream.of(Optional.<String>empty())
                .filter(_ -> wanted.providers().contains(provider.id()));
        return Stream.concat(parts, whole).toList();
    }

    private static Candidate candidate(
            CloudAccount account, Optional<String> realm, List<Fit> fits, List<String> images) {
        var matches = new ArrayList<Match>();
        for (int i = 0; i < fits.size(); i++) {
            var fit = fits.get(i);
            matches.add(new Match(account.id(), fit.profile().id(), fit.sizes(), fit.sent(), images.get(i), realm));
        }
        return new Candidate(account.id(), realm, matches);
    }

    private Optional<BigDecimal> price(CloudAccount account, List<Fit> fits) {
        var prices = fits.stream()
                .flatMap(
                        fit -> facts
                                .tariff()
                                .hourly(account.provider().id(), fit.profile().id(), fit.sizes(), facts.now())
                                .stream())
                .toList();
        return prices.size() < fits.size() || fits.isEmpty()
                ? Optional.empty()
                : Optional.of(prices.stream()
                        .reduce(BigDecimal.ZERO, BigDecimal::add)
                        .divide(BigDecimal.valueOf(fits.size()), MathContext.DECIMAL64));
    }
}
