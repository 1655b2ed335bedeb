package holdfast.sim;

import static holdfast.sim.World.vm;

import holdfast.authority.ClusterAuthority.Plan;
import holdfast.authority.ClusterSite;
import holdfast.authority.Driver.Key;
import holdfast.authority.Fabric;
import holdfast.authority.Fabric.Node;
import holdfast.core.Answer;
import holdfast.core.Quantity;
import holdfast.drivers.simulated.SimulatedFabric;
import holdfast.engine.Resource;
import holdfast.platform.Platform;
import holdfast.protocol.rear.Flavor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Two domains, each with a cluster. One sells its node; the other has no room at home. Others may sell as well.
final class TwoClusters implements AutoCloseable {
    static final Plan MILAN = new Plan("milan", "milan-7f3a", false);
    static final Plan TURIN = new Plan("turin", "turin-19c2", false);
    static final Plan ROME = new Plan("rome", "rome-55d0", false);
    private static final Duration TERM = Duration.ofHours(4);
    private static final Duration STEP = Duration.ofSeconds(10);

    final Domains domains = new Domains(1);
    final Domain seller;
    final Domain buyer;
    private final boolean summing;
    private final Runnable others;
    private final List<Domain> sellers = new ArrayList<>();

    /// Simulated ones.
    ///
    /// @param summing whether all contracts are one node
    TwoClusters(boolean summing) {
        this(
                summing,
                platform -> new SimulatedFabric(MILAN.id(), List.of(node("node-1", "7970838142n", true)), platform),
                platform -> new SimulatedFabric(TURIN.id(), List.of(), platform),
                () -> {});
        sim(buyer).meets(sim(seller));
    }

    /// @param others do what they would do next
    TwoClusters(boolean summing, Function<Platform, Fabric> milan, Function<Platform, Fabric> turin, Runnable others) {
        this.summing = summing;
        this.others = others;
        seller = domains.add("seller", with(MILAN), milan);
        buyer = domains.add("buyer", with(TURIN), turin);
        met(seller);
        buyer.world.create("north", TERM, vm("n", "NORTH", 4)).orThrow();
        buyer.world.create("lab", TERM, vm("l", "LAB", 8), vm("m", "LAB", 8)).orThrow();
        domains.settle();
    }

    private Plan with(Plan plan) {
        return new Plan(plan.site(), plan.id(), summing);
    }

    private void met(Domain one) {
        sellers.add(one);
        buyer.meets(one);
        look(2);
        one.world.selling.measure();
    }

    /// One more that sells, in Rome.
    Domain another(Function<Platform, Fabric> rome) {
        var one = domains.add("another", with(ROME), rome);
        met(one);
        domains.settle();
        return one;
    }

    /// The same with a simulated cluster, whose node is like that in Milan.
    Domain another() {
        var one = another(
                platform -> new SimulatedFabric(ROME.id(), List.of(node("node-1", "7970838142n", true)), platform));
        sim(buyer).meets(sim(one));
        return one;
    }

    /// Its cluster, if that is a simulated one.
    static SimulatedFabric sim(Domain domain) {
        return (SimulatedFabric) domain.world.fabric;
    }

    static Node node(String name, String cpu, boolean ready) {
        var amounts = Map.of(
                "cpu", Quantity.of(cpu).orThrow(),
                "memory", Quantity.of("32Gi").orThrow(),
                "ephemeral-storage", Quantity.of("100Gi").orThrow(),
                "pods", Quantity.of("110").orThrow());
        return new Node(name, ready, false, Map.of(ClusterSite.FOR_SALE, "true"), amounts);
    }

    /// Time passes, and clusters are looked at as servers do.
    void look(int times) {
        for (int n = 0; n < times; n++) {
            sellers.forEach(one -> one.surely(() -> one.world.clusters.watch()));
            others.run();
            domains.settleFor(STEP, STEP);
        }
    }

    /// Asks for a workload, and waits until it runs or not.
    Resource apply(String name, String cpu) {
        return applied(name, manifest(name, cpu));
    }

    /// The same of one that needs a service.
    Resource apply(String name, String cpu, String service) {
        var needs = "annotations: {fluidos-intent-service: " + service + ", ";
        return applied(name, manifest(name, cpu).replace("annotations: {", needs));
    }

    /// Asks for a workload: what it needs is bought, and the clusters have begun to join.
    Resource begin(String name, String cpu) {
        var intent = begun(name, manifest(name, cpu));
        look(1);
        return intent;
    }

    private Resource applied(String name, String text) {
        var intent = begun(name, text);
        look(12);
        return intent;
    }

    /// Asks for a workload, and does not wait.
    Resource ask(String name, String cpu) {
        return asked(name, manifest(name, cpu));
    }

    /// Looks until it is so, some 15 minutes long.
    boolean becomes(BooleanSupplier so) {
        for (int n = 0; n < 90 && !so.getAsBoolean(); n++) look(1);
        return so.getAsBoolean();
    }

    private Resource begun(String name, String text) {
        var intent = asked(name, text);
        domains.settle();
        return intent;
    }

    private Resource asked(String name, String text) {
        var understood = buyer.world.intents.understand(text).orThrow();
        var made = new AtomicReference<Resource>();
        buyer.surely(() -> made.set(
                switch (buyer.world.intents.create(World.ALICE, understood)) {
                    case Answer.Yes<Resource>(var intent) -> intent;
                    case Answer.No<Resource> _ -> found(name); // it died after it had written that
                }));
        return made.get();
    }

    private Resource found(String name) {
        return buyer.all("intent").stream()
                .filter(intent -> intent.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    void delete(Resource intent) {
        buyer.surely(() -> buyer.world.intents.delete(World.ALICE, intent.id()).orThrow());
        look(20);
    }

    private static String manifest(String name, String cpu) {
        return """
                apiVersion: apps/v1
                kind: Deployment
                metadata:
                  name: %s
                  annotations: {fluidos-intent-max-latency: 100ms}
                spec:
                  replicas: 1
                  selector: {matchLabels: {app: web}}
                  template:
                    metadata: {labels: {app: web}}
                    spec:
                      containers:
                        - {name: web, image: web, resources: {requests: {cpu: %s, memory: 2Gi}}}
                """.formatted(name, cpu);
    }

    String state(Resource intent) {
        return buyer.world.slice(intent.id()).state();
    }

    List<Flavor> listed() {
        return seller.world.look(tx -> seller.world.broker.market().list(tx, Optional.empty()));
    }

    /// How many bonds of each kind there are in the cluster of a domain.
    static Map<String, Long> parts(Domain domain) {
        return domain.world.fabric.list().stream().collect(Collectors.groupingBy(Key::part, Collectors.counting()));
    }

    @Override
    public void close() {
        domains.close();
    }
}
