package holdfast.broker;

import holdfast.calendar.Calendar;
import holdfast.core.Answer;
import holdfast.core.Capacities;
import holdfast.core.Copies;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import holdfast.engine.Engine;
import holdfast.engine.Outcome;
import holdfast.engine.Post;
import holdfast.engine.ProcessDefinition;
import holdfast.engine.Processes;
import holdfast.engine.Processes.Request;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.engine.Step;
import holdfast.inventory.CombinedModel;
import holdfast.inventory.Graph;
import holdfast.inventory.GraphMl;
import holdfast.inventory.Host;
import holdfast.inventory.Hosts;
import holdfast.inventory.Models;
import holdfast.inventory.QueryModel;
import holdfast.inventory.SiteFilter;
import holdfast.inventory.Summary;
import holdfast.inventory.Usage;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.Message;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/// What a broker has to give: the delegations that it claimed, merged into one model (fabric.md 2.10, 4.1), and what of
/// it is free (6.6).
public final class Supply {
    public static final String DELEGATION = "delegation";
    private static final Duration CLAIM_LIMIT = Duration.ofSeconds(240);

    private final String name;
    private final Platform platform;
    private final Resources resources;
    private final Processes processes;
    private final Post post;
    private final Calendar calendar;
    private final Models models;
    private final Map<UUID, Offer> offers = new ConcurrentHashMap<>();
    private volatile Merged merged;

    /// The combined model of a set of delegated ones, kept until the set changes.
    private record Merged(Map<String, Graph> parts, CombinedModel model, List<Host> hosts) {}

    /// @param delegation its id
    /// @param authority who made it
    record Offer(UUID delegation, String authority) {}

    /// @param name of the broker
    public Supply(String name, Platform platform, Engine engine, Calendar calendar, Models models) {
        this.name = name;
        this.platform = platform;
        this.resources = engine.resources();
        this.processes = engine.processes();
        this.post = engine.post();
        this.calendar = calendar;
        this.models = models;
        this.merged = new Merged(Map.of(), CombinedModel.empty(graphId()), List.of());
        engine.definitions().add(ProcessDefinition.timer("delegation.deadline", this::claimTimedOut));
    }

    private String graphId() {
        return UUID.nameUUIDFromBytes((name + " combined model").getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    /// The record of a claim: one for each authority and delegation name.
    private UUID claimId(String authority, String delegation) {
        return Copies.id(
                name, UUID.nameUUIDFromBytes((authority + '\n' + delegation).getBytes(StandardCharsets.UTF_8)));
    }

    /// Asks `authority` for the delegation called `delegation`, unless it is claimed already. A claim that failed
    /// is tried again.
    public void claim(Tx tx, String authority, String delegation, String who) {
        var id = claimId(authority, delegation);
        var claim = new DelegationClaim(authority, delegation, Optional.empty());
        var known = resources.lock(tx, id);
        if (known.isPresent()
                && (known.get().state().equals("delegated")
                        || known.get().state().equals("claiming"))) {
            return;
        }
        if (known.isPresent()) {
            resources.update(
                    tx, known.get().state(), known.get().withState("claiming", Optional.empty()), who, "claim");
        } else {
            var resource = resources.fresh(
                    id, DELEGATION, name, Optional.empty(), authority + "/" + delegation, "claiming", "-", claim);
            resources.insert(tx, resource, who, "claim");
        }
        processes
                .schedule(tx, Request.at(platform.now().plus(CLAIM_LIMIT), "delegation.deadline", id, name))
                .orThrow();
        post.send(tx, name, authority, new Message.ClaimDelegation(id, delegation));
    }

    /// Gives a delegation back: nothing new is promised from it; what was promised stays (fabric.md 4.1, 5).
    public Answer<Resource> reclaim(Tx tx, UUID claim, String who) {
        var known = resources.lock(tx, claim).filter(resource -> resource.type().equals(DELEGATION));
        if (known.isEmpty()) {
            return Answer.no(Refusal.notThere("there is no delegation " + claim));
        }
        var record = known.get().as(DelegationClaim.class);
        if (record.delegation().isEmpty() || !known.get().state().equals("delegated")) {
            return Answer.no(Refusal.clash(
                    "delegation " + known.get().name() + " is " + known.get().state() + ", not delegated"));
        }
        withdraw(tx, record.delegation().get().toString());
        post.send(
                tx,
                name,
                record.authority(),
                new Message.ReclaimDelegation(claim, record.delegation().get()));
        return Answer.yes(resources.update(
                tx, "delegated", known.get().withState("reclaimed", Optional.empty()), who, "reclaim"));
    }

    /// An authority answers a claim, or announces that what it delegates has changed.
    void delegated(Tx tx, String sender, Message.UpdateDelegation update) {
        var known = resources.lock(tx, claimId(sender, update.name()));
        if (known.isEmpty() || known.get().state().equals("reclaimed")) {
            return;
        }
        processes.cancelTimers(tx, known.get().id());
        var outcome = update.graph()
                .map(graph -> take(tx, update.delegation(), graph))
                .orElseGet(() -> Answer.no(update.refusal().orElseThrow()));
        switch (outcome) {
            case Answer.Yes<UUID>(var delegation) ->
                resources.update(
                        tx,
                        known.get().state(),
                        known.get()
                                .withData(new DelegationClaim(sender, update.name(), Optional.of(delegation)))
                                .withState("delegated", Optional.empty()),
                        sender,
                        "delegated");
            case Answer.No<UUID>(var why) ->
                resources.update(
                        tx,
                        known.get().state(),
                        known.get().withState("failed", Optional.of(why.message())),
                        sender,
                        why.message());
        }
    }

    /// Merges a delegated model into ours, all or nothing, and opens its hosts in the calendar.
    private Answer<UUID> take(Tx tx, UUID delegation, String graphMl) {
        Graph adm;
        try {
            adm = GraphMl.read(graphMl);
        } catch (RefusedException e) {
            return Answer.no(e.refusal());
        }
        var others = current(tx).model;
        var without = others.adms().containsKey(delegation.toString())
                ? others.unmerge(delegation.toString()).orThrow()
                : others;
        return without.merge(adm.withId(delegation.toString())).map(model -> {
            withdraw(tx, delegation.toString());
            models.put(tx, name, delegation.toString(), graphMl);
            for (var host : Hosts.of(model.graph())) {
                if (host.delegationId().equals(delegation.toString())) {
                    calendar.setTotal(tx, name, host.place(), host.delegated(), platform.now());
                }
            }
            return delegation;
        });
    }

    private void withdraw(Tx tx, String delegation) {
        for (var host : current(tx).hosts) {
            if (host.delegationId().equals(delegation)) {
                calendar.setTotal(tx, name, host.place(), Capacities.NONE, platform.now());
            }
        }
        models.remove(tx, name, delegation);
    }

    private Outcome claimTimedOut(Step.Context context) {
        return Outcome.done(tx -> resources
                .lock(tx, context.resource().id())
                .filter(claim -> claim.state().equals("claiming"))
                .ifPresent(claim -> resources.update(
                        tx,
                        "claiming",
                        claim.withState(
                                "failed",
                                Optional.of(
                                        "no answer within " + CLAIM_LIMIT.toSeconds() + " seconds; claim it again")),
                        "timer",
                        "no answer")));
    }

    /// Hosts that may be promised, in the order of the model.
    List<Host> hosts(Tx tx) {
        return current(tx).hosts;
    }

    /// Which delegation pays for `host`. Who made a delegation never changes, so it is looked up once.
    Offer offer(Tx tx, Host host) {
        return offers.computeIfAbsent(
                UUID.fromString(host.delegationId()),
                delegation -> resources.ofType(tx, DELEGATION, 10_000).stream()
                        .map(resource -> resource.as(DelegationClaim.class))
                        .filter(claim -> claim.delegation().equals(Optional.of(delegation)))
                        .map(claim -> new Offer(delegation, claim.authority()))
                        .findFirst()
                        .orElseThrow());
    }

    /// The query model over a window (fabric.md 6.6).
    public Graph query(Tx tx, QueryModel.Level level, Interval when) {
        return model(tx, when).graph(level, SiteFilter.ALL);
    }

    /// The same numbers for people and programs (fabric.md 5.1).
    public Summary summary(Tx tx, Interval when) {
        return model(tx, when).summary(SiteFilter.ALL);
    }

    private QueryModel model(Tx tx, Interval when) {
        var used = calendar.usage(tx, name, Optional.empty(), when);
        // What is used of a pool is told of the first of its hosts: the model counts the pool once, too.
        var hostOf = new HashMap<String, String>();
        current(tx).hosts.forEach(host -> hostOf.putIfAbsent(host.place(), host.nodeId()));
        var allocated = new HashMap<String, Capacities>();
        var units = new HashSet<String>();
        used.forEach((place, usage) -> {
            allocated.put(hostOf.getOrDefault(place, place), usage.used());
            units.addAll(usage.units());
        });
        return new QueryModel(current(tx).model.graph(), new Usage(allocated, units), Map.of());
    }

    Message.QueryResult answer(Tx tx, Message.Query query) {
        if (query.level() < 0 || query.level() > 2) {
            return new Message.QueryResult(
                    query.query(),
                    query.level(),
                    Optional.empty(),
                    Optional.of(
                            Refusal.malformed("level", "the level of a query is 0, 1 or 2; it is " + query.level())));
        }
        return new Message.QueryResult(
                query.query(),
                query.level(),
                Optional.of(GraphMl.write(query(tx, QueryModel.Level.of(query.level()), query.when()))),
                Optional.empty());
    }

    private Merged current(Tx tx) {
        var parts = models.of(tx, name);
        var known = merged;
        if (known.parts == parts) {
            return known;
        }
        var model = CombinedModel.of(
                        graphId(),
                        parts.entrySet().stream()
                                .map(part -> part.getValue().withId(part.getKey()))
                                .toList())
                .orThrow();
        var now = new Merged(parts, model, Hosts.of(model.graph()));
        merged = now;
        return now;
    }
}
