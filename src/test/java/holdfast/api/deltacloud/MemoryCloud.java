package holdfast.api.deltacloud;

import holdfast.core.Answer;
import holdfast.core.Caller;
import holdfast.core.HardwareProfile;
import holdfast.core.Property;
import holdfast.core.Refusal;
import holdfast.orchestrator.instances.Action;
import holdfast.orchestrator.instances.EventView;
import holdfast.orchestrator.instances.InstanceFilter;
import holdfast.orchestrator.instances.InstanceOrder;
import holdfast.orchestrator.instances.InstanceState;
import holdfast.orchestrator.instances.InstanceView;
import holdfast.orchestrator.instances.Launch;
import holdfast.orchestrator.instances.Measure;
import holdfast.orchestrator.instances.ProfileDesk;
import holdfast.orchestrator.instances.TaskView;
import holdfast.orchestrator.instances.VirtualCloud;
import holdfast.platform.Platform;
import holdfast.pools.clouds.BrokerImage;
import holdfast.pools.clouds.CloudPool;
import holdfast.pools.clouds.FrontendRealm;
import holdfast.pools.clouds.Limits;
import holdfast.pools.clouds.PoolFamily;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// One pool, `dev`, in memory. What is begun there is done as soon as somebody waits for it, unless it is slow.
public final class MemoryCloud implements VirtualCloud, VirtualCloud.Finder {
    static final HardwareProfile SMALL = new HardwareProfile(
            "small",
            "small",
            new Property.Range(amount("2048"), new BigDecimal("1024"), new BigDecimal("8192")),
            new Property.Fixed(BigDecimal.ONE),
            new Property.OneOf(amount("40"), List.of(new BigDecimal("40"), new BigDecimal("80"))),
            List.of("x86_64"),
            Optional.empty());
    static final HardwareProfile ARM = new HardwareProfile(
            "00000000-0000-0000-0000-0000000000a2",
            "arm",
            new Property.Fixed(new BigDecimal("4096")),
            new Property.Fixed(new BigDecimal("2")),
            new Property.Any(),
            List.of("arm64"),
            Optional.empty());
    static final BrokerImage WEB = new BrokerImage("web-os", "Web OS", "serves <pages>", "ann", Optional.of("x86_64"));

    final Platform platform;
    final Map<UUID, InstanceView> instances = new LinkedHashMap<>();
    private final Map<UUID, List<InstanceView.Attached>> volumes = new HashMap<>();
    final Map<UUID, InstanceState> next = new HashMap<>();
    public final List<Launch> launches = new ArrayList<>();
    public final List<BrokerImage> images = new ArrayList<>(List.of(WEB));
    final Map<String, UUID> tokens = new HashMap<>();
    /// How many instances of lists were read.
    public final AtomicInteger taken = new AtomicInteger();

    boolean slow;
    /// Why everything is refused, if it is.
    Optional<Refusal> trouble = Optional.empty();
    int most = 100;
    private final MemoryProfiles profiles = new MemoryProfiles(SMALL, ARM);
    private final CloudPool pool;

    MemoryCloud(Platform platform) {
        this.platform = platform;
        pool = new CloudPool(
                platform.newId(),
                "dev",
                new PoolFamily(platform.newId(), "default", Limits.NONE, List.of(), Optional.empty()),
                Limits.NONE,
                true,
                false,
                List.of(),
                List.of(),
                Map.of());
    }

    private static Optional<BigDecimal> amount(String text) {
        return Optional.of(new BigDecimal(text));
    }

    @Override
    public Answer<VirtualCloud> find(Caller caller, Optional<String> name, String driver) {
        return name.isEmpty() || name.get().equals("dev")
                ? Answer.yes(this)
                : Answer.no(Refusal.notThere("Pool '" + name.get() + "' not found"));
    }

    @Override
    public List<String> pools(Caller caller) {
        return List.of("dev");
    }

    @Override
    public List<String> drivers() {
        return List.of("ec2", "mock", "openstack", "own");
    }

    @Override
    public Optional<Refusal> unknown(String driver) {
        return driver.equals("broker") || drivers().contains(driver)
                ? Optional.empty()
                : Optional.of(Refusal.malformed("driver", "there is no driver '" + driver + "'"));
    }

    @Override
    public CloudPool pool() {
        return pool;
    }

    @Override
    public List<Realm> realms() {
        return List.of(
                new Realm(new FrontendRealm(new UUID(0, 1), "europe", "", Set.of(), Set.of()), true),
                new Realm(new FrontendRealm(new UUID(0, 2), "far away", "", Set.of(), Set.of()), false));
    }

    @Override
    public List<HardwareProfile> profiles() {
        return profiles.all();
    }

    @Override
    public ProfileDesk profileDesk() {
        return profiles;
    }

    @Override
    public List<BrokerImage> images() {
        return images;
    }

    @Override
    public Optional<BrokerImage> image(String id) {
        return images.stream().filter(image -> image.id().equals(id)).findFirst();
    }

    @Override
    public Stream<InstanceView> instances(InstanceFilter which, int offset, int limit) {
        return instances.values().stream()
                .filter(which::holds)
                .skip(offset)
                .limit(limit)
                .peek(_ -> taken.incrementAndGet());
    }

    @Override
    public Stream<InstanceView> sorted(InstanceFilter which, InstanceOrder order, int offset, int limit) {
        Comparator<InstanceView> by = switch (order.by()) {
            case ID -> Comparator.comparing(one -> one.id().toString());
            case NAME -> Comparator.comparing(InstanceView::name);
            case CREATED -> Comparator.comparing(InstanceView::created);
            case CPU -> Comparator.comparing(one -> Measure.CPU.of(one).orElseThrow());
            case MEMORY -> Comparator.comparing(one -> Measure.MEMORY.of(one).orElseThrow());
        };
        var sorted = instances.values().stream().filter(which::holds).sorted(by).toList();
        return (order.descending() ? sorted.reversed() : sorted)
                .stream().skip(offset).limit(limit);
    }

    @Override
    public int count(InstanceFilter which) {
        return (int) instances.values().stream().filter(which::holds).count();
    }

    @Override
    public Optional<InstanceView> instance(UUID id) {
        return Optional.ofNullable(instances.get(id));
    }

    @Override
    public Answer<List<InstanceView>> launch(Launch launch, int count) {
        if (trouble.isPresent()) return Answer.no(trouble.get());
        if (image(launch.image()).isEmpty())
            return Answer.no(Refusal.notThere("there is no image '" + launch.image() + "'"));
        if (launch.token().map(tokens::get).map(instances::get).isPresent())
            return Answer.yes(List.of(instances.get(tokens.get(launch.token().get()))));
        var profile = profiles().stream()
                .filter(one -> launch.profile().isEmpty()
                        || List.of(one.id(), one.name())
                                .contains(launch.profile().get()))
                .findFirst()
                .orElseThrow();
        for (var size : launch.sizes().entrySet())
            if (!fits(profile, size.getKey(), size.getValue()))
                return Answer.no(Refusal.malformed(
                        size.getKey(),
                        "hwp_" + size.getKey() + " cannot be " + size.getValue() + " in " + profile.id()));
        if (instances.size() + count > most) return Answer.no(Refusal.notYours("mock-1: quota_reached"));
        launches.add(launch);
        var base = launch.name().orElse("i-" + instances.size());
        return Answer.yes(IntStream.rangeClosed(1, count)
                .mapToObj(n -> make(launch, profile, count == 1 ? base : base + "-" + n))
                .toList());
    }

    private InstanceView make(Launch launch, HardwareProfile profile, String name) {
        var id = platform.newId();
        launch.token().ifPresent(token -> tokens.put(token, id));
        put(new InstanceView(
                id,
                name,
                launch.description(),
                "ann",
                launch.image(),
                launch.realm(),
                InstanceState.NEW,
                profile,
                launch.sizes(),
                Set.of(),
                platform.now(),
                platform.now(),
                List.of(),
                List.of(),
                launch.key(),
                launch.extras().entrySet().stream()
                        .filter(extra -> extra.getKey().startsWith("firewalls"))
                        .map(Map.Entry::getValue)
                        .toList(),
                List.of(),
                launch.properties(),
                Optional.empty(),
                Optional.empty(),
                0,
                Optional.empty()));
        next.put(id, InstanceState.RUNNING);
        return instances.get(id);
    }

    private static boolean fits(HardwareProfile profile, String size, String value) {
        var property = switch (size) {
            case "memory" -> profile.memory();
            case "storage" -> profile.storage();
            default -> profile.cpu();
        };
        try {
            var amount = new BigDecimal(value);
            return switch (property) {
                case Property.Any _ -> true;
                case Property.Fixed(var fixed) -> fixed.compareTo(amount) == 0;
                case Property.Range(var _, var first, var last) ->
                    first.compareTo(amount) <= 0 && last.compareTo(amount) >= 0;
                case Property.OneOf(var _, var entries) -> entries.contains(amount);
            };
        } catch (NumberFormatException _) {
            return false;
        }
    }

    /// The first of all, so many times more.
    public void copy(int count) {
        var one = instances.values().iterator().next();
        for (int n = 0; n < count; n++)
            put(new InstanceView(
                    platform.newId(),
                    "copy-" + n,
                    one.description(),
                    one.owner(),
                    one.image(),
                    one.realm(),
                    n % 10 == 0 ? InstanceState.STOPPED : InstanceState.RUNNING,
                    one.profile(),
                    one.sizes(),
                    one.actions(),
                    one.created(),
                    one.updated(),
                    one.publicAddresses(),
                    one.privateAddresses(),
                    one.key(),
                    one.firewalls(),
                    List.of(),
                    Map.of("n", String.valueOf(n)),
                    one.trouble(),
                    one.task(),
                    one.version(),
                    one.doing()));
    }

    void attach(UUID id, String volume, String device) {
        volumes.put(id, List.of(new InstanceView.Attached(volume, Optional.of(device))));
        become(id, instances.get(id).state());
    }

    private void put(InstanceView view) {
        instances.put(view.id(), view);
    }

    /// The same in another state.
    public void become(UUID id, InstanceState state) {
        var old = instances.get(id);
        Set<Action> actions = switch (state) {
            case RUNNING -> EnumSet.of(Action.REBOOT, Action.STOP);
            case STOPPED -> EnumSet.of(Action.START, Action.DESTROY);
            case CREATE_FAILED, ERROR, VANISHED -> EnumSet.of(Action.DESTROY);
            case NEW, PENDING, SHUTTING_DOWN -> EnumSet.noneOf(Action.class);
        };
        boolean running = state == InstanceState.RUNNING;
        put(new InstanceView(
                id,
                old.name(),
                old.description(),
                old.owner(),
                old.image(),
                old.realm(),
                state,
                old.profile(),
                old.sizes(),
                actions,
                old.created(),
                platform.now(),
                running ? List.of("198.51.100.4", "2001:db8::4") : List.of(),
                running ? List.of("web-1.local") : List.of(),
                old.key(),
                old.firewalls(),
                volumes.getOrDefault(id, List.of()),
                old.properties(),
                old.trouble(),
                old.task(),
                old.version() + 1,
                Optional.empty()));
    }

    @Override
    public Answer<InstanceView> act(UUID id, Action action) {
        var found = instances.get(id);
        if (found == null) return Answer.no(Refusal.notThere("there is no instance " + id));
        if (trouble.isPresent()) return Answer.no(trouble.get());
        if (action != Action.DESTROY && !found.actions().contains(action))
            return Answer.no(Refusal.clash(action.word() + " is not possible for " + found.name() + ": it is "
                    + found.state().word()));
        switch (action) {
            case STOP -> {
                become(id, InstanceState.SHUTTING_DOWN);
                next.put(id, InstanceState.STOPPED);
            }
            case START, REBOOT -> {
                become(id, InstanceState.PENDING);
                next.put(id, InstanceState.RUNNING);
            }
            case DESTROY, CREATE -> instances.remove(id);
        }
        return Answer.yes(instances.getOrDefault(id, found));
    }

    @Override
    public Answer<InstanceView> edit(UUID id, Edit edit, Optional<Long> version) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<InstanceView> settled(UUID id, Duration most) {
        if (!slow) settle(id);
        return instance(id);
    }

    /// What was begun is done.
    void settle(UUID id) {
        var state = next.remove(id);
        if (state != null && instances.containsKey(id)) become(id, state);
    }

    @Override
    public List<TaskView> tasks(Optional<UUID> instance, int limit) {
        return List.of();
    }

    @Override
    public Optional<TaskView> task(UUID id) {
        return Optional.empty();
    }

    @Override
    public List<EventView> events(UUID instance, int limit) {
        return List.of();
    }
}
