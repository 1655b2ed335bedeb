package holdfast.pools.clouds.choice;

import static java.nio.charset.StandardCharsets.UTF_8;

import holdfast.core.HardwareProfile;
import holdfast.core.Property;
import holdfast.core.Property.Any;
import holdfast.core.Property.Fixed;
import holdfast.core.Property.OneOf;
import holdfast.core.Property.Range;
import holdfast.pools.clouds.BrokerImage;
import holdfast.pools.clouds.CloudAccount;
import holdfast.pools.clouds.CloudPool;
import holdfast.pools.clouds.CloudPool.PriorityGroup;
import holdfast.pools.clouds.CloudPool.Strategy;
import holdfast.pools.clouds.CloudProvider;
import holdfast.pools.clouds.CloudProvider.Realm;
import holdfast.pools.clouds.FrontendRealm;
import holdfast.pools.clouds.ImageMapper.Mapped;
import holdfast.pools.clouds.LaunchRequest;
import holdfast.pools.clouds.LaunchRequest.Assembly;
import holdfast.pools.clouds.Limits;
import holdfast.pools.clouds.PoolFamily;
import holdfast.pools.clouds.ProviderType;
import holdfast.pools.clouds.choice.Facts.Images;
import holdfast.pools.clouds.choice.Facts.Room;
import holdfast.pools.clouds.costs.Tariff;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/// Clouds to choose from. Ids follow from names.
public final class Clouds {
    static final Instant NOW = Instant.parse("2031-02-03T10:00:00Z");
    static final BrokerImage IMAGE = new BrokerImage("web-os", "web-os", "", "ann", Optional.empty());
    static final Any ANY = new Any();

    private Clouds() {}

    public static UUID id(String name) {
        return UUID.nameUUIDFromBytes(name.getBytes(UTF_8));
    }

    static Property fixed(String value) {
        return new Fixed(new BigDecimal(value));
    }

    static Property range(String usual, String first, String last) {
        return new Range(number(usual), new BigDecimal(first), new BigDecimal(last));
    }

    static Property oneOf(String usual, String... entries) {
        return new OneOf(
                number(usual), Arrays.stream(entries).map(BigDecimal::new).toList());
    }

    private static Optional<BigDecimal> number(String text) {
        return Optional.of(text).filter(some -> !some.isEmpty()).map(BigDecimal::new);
    }

    static HardwareProfile profile(
            String name, Property memory, Property cpu, Property storage, String... architectures) {
        return new HardwareProfile(name, name, memory, cpu, storage, List.of(architectures), Optional.empty());
    }

    /// Of that much memory, and no other wish.
    static HardwareProfile memory(String name, String megabytes) {
        return profile(name, fixed(megabytes), ANY, ANY);
    }

    static ProviderType type(String driver) {
        return new ProviderType(
                driver,
                driver,
                "deltacloud",
                Optional.empty(),
                Optional.empty(),
                List.of(),
                false,
                false,
                true,
                Set.of("t1.micro", "opaque"));
    }

    public static CloudProvider provider(String name, HardwareProfile... profiles) {
        return new CloudProvider(
                id(name),
                name,
                "http://" + name,
                type("mock"),
                Optional.empty(),
                true,
                true,
                List.of(profiles),
                List.of());
    }

    static CloudProvider provider(String name, boolean enabled, boolean available) {
        var usual = provider(name, memory("small", "512"), memory("large", "4096"));
        return new CloudProvider(
                usual.id(),
                name,
                usual.url(),
                usual.type(),
                usual.region(),
                enabled,
                available,
                usual.profiles(),
                usual.realms());
    }

    /// One with realms, of which those in `down` are not available.
    static CloudProvider withRealms(CloudProvider provider, List<String> realms, Set<String> down) {
        var all = realms.stream()
                .map(key -> new Realm(id(provider.name() + key), key, key, !down.contains(key)))
                .toList();
        return new CloudProvider(
                provider.id(),
                provider.name(),
                provider.url(),
                provider.type(),
                provider.region(),
                provider.enabled(),
                provider.available(),
                provider.profiles(),
                all);
    }

    public static CloudAccount account(String label, CloudProvider provider, String... realms) {
        return new CloudAccount(id(label), label, provider, Limits.NONE, Set.of(realms), Optional.empty());
    }

    /// At a provider of its own that has a small and a large profile.
    static CloudAccount account(String label) {
        return account(label, provider("at-" + label, true, true));
    }

    public static CloudPool pool(List<CloudAccount> accounts, Strategy... strategies) {
        return pool(accounts, List.of(), Map.of(), strategies);
    }

    static CloudPool pool(
            List<CloudAccount> accounts,
            List<PriorityGroup> groups,
            Map<UUID, Integer> weights,
            Strategy... strategies) {
        var family = new PoolFamily(id("family"), "default", Limits.NONE, accounts, Optional.empty());
        return new CloudPool(id("pool"), "dev", family, Limits.NONE, true, false, List.of(strategies), groups, weights);
    }

    static CloudPool deterministic(CloudPool pool) {
        return new CloudPool(
                pool.id(),
                pool.name(),
                pool.family(),
                pool.limits(),
                pool.enabled(),
                true,
                pool.strategies(),
                pool.groups(),
                pool.weights());
    }

    static PriorityGroup group(String name, int score, CloudAccount... accounts) {
        return new PriorityGroup(
                id(name),
                name,
                score,
                Set.of(),
                Arrays.stream(accounts).map(CloudAccount::id).collect(Collectors.toSet()));
    }

    static LaunchRequest request(CloudPool pool, HardwareProfile... profiles) {
        return request(pool, Optional.empty(), profiles);
    }

    static LaunchRequest request(CloudPool pool, Optional<FrontendRealm> realm, HardwareProfile... profiles) {
        var assemblies = Arrays.stream(profiles)
                .map(profile -> new Assembly(profile.name(), profile, IMAGE, Optional.empty()))
                .toList();
        return new LaunchRequest(pool, "ann", realm, Optional.empty(), Set.of(), assemblies);
    }

    /// Nothing stands in the way: there is room, and each image is mapped everywhere.
    static Facts facts(LaunchRequest request) {
        var mapped = request.pool().family().accounts().stream().collect(Collectors.toMap(CloudAccount::id, account ->
                (Mapped) new Mapped.Usable("img-" + account.label())));
        return facts(request.assemblies().stream()
                .<Images>map(_ -> new Images.Known(mapped))
                .toList());
    }

    static Facts facts(List<Images> images) {
        return new Facts(
                NOW,
                Room.ENDLESS,
                Room.ENDLESS,
                Room.ENDLESS,
                Map.of(),
                Set.of(),
                images,
                Tariff.NONE,
                Map.of(),
                Set.of());
    }

    static Facts with(Facts facts, Tariff tariff) {
        return new Facts(
                facts.now(),
                facts.pool(),
                facts.family(),
                facts.user(),
                facts.accounts(),
                facts.forbidden(),
                facts.images(),
                tariff,
                facts.failures(),
                facts.tried());
    }

    static Facts with(Facts facts, Map<UUID, List<Instant>> failures) {
        return new Facts(
                facts.now(),
                facts.pool(),
                facts.family(),
                facts.user(),
                facts.accounts(),
                facts.forbidden(),
                facts.images(),
                facts.tariff(),
                failures,
                facts.tried());
    }

    static Facts with(Facts facts, Set<Facts.Tried> tried) {
        return new Facts(
                facts.now(),
                facts.pool(),
                facts.family(),
                facts.user(),
                facts.accounts(),
                facts.forbidden(),
                facts.images(),
                facts.tariff(),
                facts.failures(),
                tried);
    }

    static Facts with(Facts facts, Room pool, Room family, Room user, Map<UUID, Room> accounts) {
        return new Facts(
                facts.now(),
                pool,
                family,
                user,
                accounts,
                facts.forbidden(),
                facts.images(),
                facts.tariff(),
                facts.failures(),
                facts.tried());
    }

    /// Labels of the accounts that will do, in the order in which they are tried.
    static List<String> order(Explanation choice) {
        return choice.accounts().stream()
                .filter(Explanation.Verdict::isPossible)
                .map(verdict -> verdict.account().label())
                .toList();
    }

    /// What is said against an account.
    static List<String> codes(Explanation choice, String label) {
        return choice.accounts().stream()
                .filter(verdict -> verdict.account().label().equals(label))
                .flatMap(verdict -> verdict.objections().stream())
                .map(objection -> objection.reason().code())
                .toList();
    }

    static List<String> codes(List<Objection> objections) {
        return objections.stream().map(objection -> objection.reason().code()).toList();
    }
}
