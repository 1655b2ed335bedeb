package holdfast.bench;

import holdfast.pools.clouds.BrokerImage;
import holdfast.pools.clouds.CloudAccount;
import holdfast.pools.clouds.CloudPool;
import holdfast.pools.clouds.CloudPool.Strategy;
import holdfast.pools.clouds.CloudProvider;
import holdfast.core.HardwareProfile;
import holdfast.pools.clouds.ImageMapper.Mapped;
import holdfast.pools.clouds.LaunchRequest;
import holdfast.pools.clouds.LaunchRequest.Assembly;
import holdfast.pools.clouds.Limits;
import holdfast.pools.clouds.PoolFamily;
import holdfast.core.Property;
import holdfast.pools.clouds.ProviderType;
import holdfast.pools.clouds.choice.Facts;
import holdfast.pools.clouds.choice.Facts.Images;
import holdfast.pools.clouds.choice.Facts.Room;
import holdfast.pools.clouds.choice.Selection;
import holdfast.pools.clouds.costs.Billing;
import holdfast.pools.clouds.costs.Cost;
import holdfast.pools.clouds.costs.Cost.Chargeable;
import holdfast.pools.clouds.costs.Tariff;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// How long it takes to choose among the accounts of a pool: profiles, images, ranking with all strategies and prices.
final class SelectionBench {
    private static final int PROFILES = 100;
    private static final int WARM = 200;
    private static final int TIMES = 1_000;
    private static final Instant NOW = Instant.parse("2031-02-03T10:00:00Z");
    private static final ProviderType TYPE = new ProviderType(
            "Mock", "mock", "deltacloud", Optional.empty(), Optional.empty(), List.of(), false, false, true, Set.of());

    private SelectionBench() {}

    static void run() {
        Report.title("selection: " + PROFILES + " profiles at each provider, a provider for each account");
        for (int accounts : new int[] {20, 200}) {
            for (int assemblies : new int[] {1, 10}) {
                measure(accounts, assemblies);
            }
        }
    }

    private static void measure(int count, int assemblies) {
        var accounts = IntStream.range(0, count).mapToObj(SelectionBench::account).toList();
        var request = request(accounts, assemblies);
        var facts = facts(accounts, assemblies);
        for (int i = 0; i < WARM; i++) {
            choose(request, facts, i, count);
        }
        var nanos = new long[TIMES];
        for (int i = 0; i < TIMES; i++) {
            long begin = System.nanoTime();
            choose(request, facts, i, count);
            nanos[i] = System.nanoTime() - begin;
        }
        Report.times("%d accounts, %d assemblies".formatted(count, assemblies), nanos);
    }

    private static void choose(LaunchRequest request, Facts facts, int seed, int expected) {
        int found = Selection.choose(request, facts, seed).candidates().size();
        if (found != expected) {
            throw new IllegalStateException(found + " candidates instead of " + expected);
        }
    }

    private static CloudAccount account(int number) {
        var profiles = IntStream.range(0, PROFILES)
                .mapToObj(i -> new HardwareProfile(
                        "m" + i,
                        "m" + i,
                        new Property.Range(Optional.empty(), amount(1 + i), amount(512 + 64 * i)),
                        new Property.OneOf(Optional.empty(), List.of(amount(1), amount(1 + i))),
                        new Property.Fixed(amount(10 + 4 * i)),
                        List.of("x86_64"),
                        Optional.empty()))
                .toList();
        var provider = new CloudProvider(
                new UUID(1, number), "p" + number, "http://p", TYPE, Optional.empty(), true, true, profiles, List.of());
        return new CloudAccount(new UUID(2, number), "a" + number, provider, Limits.NONE, Set.of(), Optional.empty());
    }

    private static LaunchRequest request(List<CloudAccount> accounts, int assemblies) {
        var family = new PoolFamily(new UUID(3, 0), "family", Limits.NONE, accounts, Optional.empty());
        var pool = new CloudPool(
                new UUID(4, 0),
                "pool",
                family,
                Limits.NONE,
                true,
                false,
                List.of(
                        new Strategy.StrictOrder(),
                        new Strategy.Weighting(),
                        new Strategy.PenaltyForFailure(5, 240, 10),
                        new Strategy.CostOrder(1)),
                List.of(new CloudPool.PriorityGroup(
                        new UUID(5, 0), "first", 1, Set.of(accounts.getFirst().provider().id()), Set.of())),
                accounts.stream().collect(Collectors.toMap(CloudAccount::id, account -> (int) account.id().getLeastSignificantBits() % 100)));
        var image = new BrokerImage("web-os", "web-os", "", "ann", Optional.of("x86_64"));
        var wanted = IntStream.range(0, assemblies)
                .mapToObj(i -> new Assembly(
                        "n" + i,
                        new HardwareProfile(
                                "w" + i,
                                "w" + i,
                                new Property.Fixed(amount(1_024 + 128 * i)),
                                new Property.Fixed(amount(2)),
                                new Property.Fixed(amount(20)),
                                List.of("x86_64"),
                                Optional.empty()),
                        image,
                        Optional.empty()))
                .toList();
        return new LaunchRequest(pool, "ann", Optional.empty(), Optional.empty(), Set.of(), wanted);
    }

    private static Facts facts(List<CloudAccount> accounts, int assemblies) {
        var images = new Images.Known(accounts.stream()
                .collect(Collectors.toMap(CloudAccount::id, account -> new Mapped.Usable("ami-1"))));
        var costs = accounts.stream()
                .flatMap(account -> account.provider().profiles().stream()
                        .map(profile -> new Cost(
                                account.provider().id(),
                                profile.id(),
                                Chargeable.HARDWARE_PROFILE,
                                BigDecimal.ONE,
                                Billing.HOUR,
                                Instant.EPOCH,
                                Optional.empty())))
                .toList();
        return new Facts(
                NOW,
                Room.ENDLESS,
                Room.ENDLESS,
                Room.ENDLESS,
                Map.of(),
                Set.of(),
                IntStream.range(0, assemblies).<Images>mapToObj(_ -> images).toList(),
                new Tariff(costs),
                Map.of(accounts.getLast().id(), List.of(NOW.minusSeconds(60))),
                Set.of());
    }

    private static BigDecimal amount(int number) {
        return BigDecimal.valueOf(number);
    }
}
