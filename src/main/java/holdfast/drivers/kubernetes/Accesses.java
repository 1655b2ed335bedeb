package holdfast.drivers.kubernetes;

import holdfast.authority.Driver.Observed;
import holdfast.authority.Driver.Result;
import holdfast.authority.Fabric.Bond;
import holdfast.authority.Fabric.Credentials;
import holdfast.drivers.kubernetes.Steps.Step;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What buyers may do in this cluster under a contract (fluidos.md 7, G7): an account for each contract, with rights in
/// the namespace of its buyer only. Accounts are in a namespace that no buyer sees.
final class Accesses {
    private static final List<String> ALL = List.of("get", "list", "create", "update", "delete");
    /// No server gives tokens for less.
    private static final Duration SHORTEST = Duration.ofMinutes(10);

    private final Cluster home;
    private final String liqo;
    private final Platform platform;

    Accesses(Cluster home, String liqo, Platform platform) {
        this.home = home;
        this.liqo = liqo;
        this.platform = platform;
    }

    Result ensure(Bond.Access access) {
        return new Steps(
                        "buyer " + access.buyer(),
                        List.of(
                                Step.once("namespace", () -> namespace(access.buyer())),
                                Step.once("account", () -> account(access)),
                                Step.once("role", () -> role(access))))
                .walk(() ->
                        Map.of("buyer", access.buyer(), "until", access.until().toString()));
    }

    private void namespace(String buyer) {
        var namespace = LiqoObjects.tenantNamespace(buyer);
        namespace.withObject("/metadata/labels").put(Marks.TENANT, "true");
        home.ensure(namespace);
        var facts = ClusterFacts.of(home, liqo);
        var map = LiqoObjects.object(Kind.CONFIG_MAP, LiqoObjects.namespaceFor(buyer), Marks.FACTS, Map.of());
        map.putObject("data").put("id", facts.id()).put("pods", facts.pods()).put("external", facts.external());
        home.ensure(map);
    }

    private void account(Bond.Access access) {
        home.ensure(LiqoObjects.object(Kind.NAMESPACE, "", Marks.ACCESS_NAMESPACE, Map.of()));
        var account = LiqoObjects.object(
                Kind.SERVICE_ACCOUNT,
                Marks.ACCESS_NAMESPACE,
                name(access.contract()),
                Map.of(Marks.CONTRACT, access.contract(), Marks.BUYER, access.buyer()));
        account.withObject("/metadata/annotations")
                .put(Marks.UNTIL, access.until().toString());
        home.ensure(account);
    }

    private void role(Bond.Access access) {
        var namespace = LiqoObjects.namespaceFor(access.buyer());
        var name = name(access.contract());
        var role = LiqoObjects.object(Kind.ROLE, namespace, name, Map.of(Marks.CONTRACT, access.contract()));
        var rules = role.putArray("rules");
        rules.add(rule("", List.of("namespaces", "configmaps"), List.of("get")));
        rules.add(rule("", List.of("secrets"), ALL));
        rules.add(rule(
                Kind.CONFIGURATION.group(),
                List.of(
                        Kind.CONFIGURATION.plural(),
                        Kind.GATEWAY_SERVER.plural(),
                        Kind.PUBLIC_KEY.plural(),
                        Kind.CONNECTION.plural()),
                ALL));
        rules.add(rule(Kind.TENANT.group(), List.of(Kind.TENANT.plural()), ALL));
        home.ensure(role);
        var binding = LiqoObjects.object(Kind.ROLE_BINDING, namespace, name, Map.of(Marks.CONTRACT, access.contract()));
        binding.putArray("subjects")
                .addObject()
                .put("kind", Kind.SERVICE_ACCOUNT.title())
                .put("name", name)
                .put("namespace", Marks.ACCESS_NAMESPACE);
        binding.putObject("roleRef")
                .put("apiGroup", Kind.ROLE.group())
                .put("kind", Kind.ROLE.title())
                .put("name", name);
        home.ensure(binding);
    }

    private static ObjectNode rule(String group, List<String> resources, List<String> verbs) {
        var rule = Json.object();
        rule.putArray("apiGroups").add(group);
        rule.set("resources", Json.toTree(resources));
        rule.set("verbs", Json.toTree(verbs));
        return rule;
    }

    private static String name(String contract) {
        return "contract-" + contract;
    }

    private Optional<JsonNode> account(String contract) {
        return home.find(Kind.SERVICE_ACCOUNT, Marks.ACCESS_NAMESPACE, name(contract));
    }

    private static String buyer(JsonNode account) {
        return LiqoObjects.label(account, Marks.BUYER);
    }

    private static Instant until(JsonNode account) {
        return Instant.parse(
                account.at("/metadata/annotations").path(Marks.UNTIL).asString(""));
    }

    /// @throws ClusterException if there is no such access, or it is over
    Credentials credentials(String contract) {
        var account = account(contract)
                .orElseThrow(() -> ClusterException.never("there is no access under contract " + contract));
        var left = Duration.between(platform.now(), until(account));
        if (!left.isPositive()) {
            throw ClusterException.never("the access under contract " + contract + " ended at " + until(account));
        }
        long seconds = Math.max(left.toSeconds(), SHORTEST.toSeconds());
        var id = platform.newId().toString().substring(24);
        var pass = pass(contract, id);
        home.ensure(LiqoObjects.object(
                Kind.SECRET, Marks.ACCESS_NAMESPACE, pass, Map.of(Marks.CONTRACT, contract, Marks.PASS, id)));
        var secret = home.find(Kind.SECRET, Marks.ACCESS_NAMESPACE, pass)
                .orElseThrow(() -> new ClusterException(ClusterException.Sort.LATER, "secret " + pass + " is away"));
        var status = home.token(Marks.ACCESS_NAMESPACE, name(contract), secret, seconds)
                .path("status");
        return new Credentials(
                id,
                home.kubeconfig().forToken(status.path("token").asString(""), LiqoObjects.namespaceFor(buyer(account))),
                Instant.parse(status.path("expirationTimestamp").asString("")));
    }

    /// What a token is bound to: it opens nothing once that is gone.
    static String pass(String contract, String id) {
        return name(contract) + "-" + id;
    }

    Result revoke(String contract, String but) {
        return new Steps("contract " + contract, List.of(Step.once("passes", () -> passes(contract, but))))
                .walk(Map::of);
    }

    private void passes(String contract, String but) {
        home.all(Kind.SECRET, Marks.ACCESS_NAMESPACE, Map.of(Marks.CONTRACT, contract)).stream()
                .filter(pass -> !LiqoObjects.label(pass, Marks.PASS).equals(but))
                .forEach(pass -> home.remove(Kind.SECRET, Marks.ACCESS_NAMESPACE, LiqoObjects.name(pass)));
    }

    List<String> all() {
        return home.all(Kind.SERVICE_ACCOUNT, Marks.ACCESS_NAMESPACE, Map.of()).stream()
                .map(account -> LiqoObjects.label(account, Marks.CONTRACT))
                .filter(contract -> !contract.isEmpty())
                .toList();
    }

    Observed observe(String contract) {
        return account(contract)
                .<Observed>map(account -> new Observed.Present(
                        until(account).isAfter(platform.now()),
                        Map.of("buyer", buyer(account), "until", until(account).toString())))
                .orElseGet(Observed.Absent::new);
    }

    /// The rights go first: from then on its tokens open nothing. The last access of a buyer takes along all that
    /// the buyer has here; the account goes last, since by it the rest is found.
    Result remove(String contract) {
        var account = account(contract);
        if (account.isEmpty()) {
            return new Result.Done(Map.of());
        }
        var buyer = buyer(account.get());
        var namespace = LiqoObjects.namespaceFor(buyer);
        return new Steps(
                        "buyer " + buyer,
                        List.of(
                                Step.once("role", () -> {
                                    passes(contract, "");
                                    home.remove(Kind.ROLE_BINDING, namespace, name(contract));
                                    home.remove(Kind.ROLE, namespace, name(contract));
                                }),
                                new Step(
                                        "namespace",
                                        () -> isLast(contract, buyer) ? release(namespace) : Optional.empty()),
                                Step.once(
                                        "account",
                                        () -> home.remove(
                                                Kind.SERVICE_ACCOUNT, Marks.ACCESS_NAMESPACE, name(contract)))))
                .walk(Map::of);
    }

    private boolean isLast(String contract, String buyer) {
        return home.all(Kind.SERVICE_ACCOUNT, Marks.ACCESS_NAMESPACE, Map.of(Marks.BUYER, buyer)).stream()
                .allMatch(account -> LiqoObjects.label(account, Marks.CONTRACT).equals(contract));
    }

    private Optional<String> release(String name) {
        var there = home.find(Kind.NAMESPACE, "", name);
        if (there.isPresent() && !LiqoObjects.label(there.get(), Marks.PAIR).isEmpty()) {
            var kept = there.get().deepCopy();
            ((ObjectNode) kept.at("/metadata/labels")).remove(Marks.TENANT);
            home.remove(Kind.CONFIG_MAP, name, Marks.FACTS);
            home.replace(kept);
            return Optional.empty();
        }
        return home.remove(Kind.NAMESPACE, "", name)
                ? Optional.of("waiting for the namespace of the buyer to end")
                : Optional.empty();
    }
}
