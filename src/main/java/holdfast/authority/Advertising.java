package holdfast.authority;

import static java.util.Objects.requireNonNull;

import holdfast.calendar.Calendar;
import holdfast.core.Answer;
import holdfast.core.Copies;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Post;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.inventory.Delegations;
import holdfast.inventory.Graph;
import holdfast.inventory.GraphMl;
import holdfast.inventory.Hosts;
import holdfast.inventory.Models;
import holdfast.inventory.Validation;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.Message;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// What a site has, and what of it brokers may promise: the advertisement (ARM), cut into one model for each delegation
/// (fabric.md 2.10, 4.1).
public final class Advertising {
    public static final String SITE = "site";
    public static final String DELEGATION = "delegation";
    private static final String WHOLE = "arm";
    static final UUID SITE_ITSELF = new UUID(0, 0);

    private final String name;
    private final Platform platform;
    private final Resources resources;
    private final Post post;
    private final Calendar calendar;
    private final Models models;

    /// @param name of the authority
    public Advertising(String name, Platform platform, Engine engine, Calendar calendar, Models models) {
        this.name = name;
        this.platform = platform;
        this.resources = engine.resources();
        this.post = engine.post();
        this.calendar = calendar;
        this.models = models;
    }

    /// Takes over an advertisement. If it differs from the one before, brokers that claimed a part of it are told;
    /// delegations keep their ids.
    ///
    /// @param graphMl the advertisement as GraphML
    /// @param driver what makes leases real here, in words
    public Answer<Resource> publish(Tx tx, String graphMl, String driver) {
        var arm = GraphMl.read(graphMl);
        var faults = Validation.advertisement(arm);
        if (!faults.isEmpty()) {
            return Answer.no(faults.getFirst());
        }
        var id = Copies.id(name, SITE_ITSELF);
        var hash =
                UUID.nameUUIDFromBytes(graphMl.getBytes(StandardCharsets.UTF_8)).toString();
        var site = new Site(siteCode(arm), driver, hash);
        var known = resources.lock(tx, id);
        if (known.isPresent() && known.get().as(Site.class).equals(site)) {
            return Answer.yes(known.get());
        }
        if (known.isEmpty() || !known.get().as(Site.class).hash().equals(hash)) {
            replace(tx, graphMl, arm);
        }
        if (known.isPresent()) {
            return Answer.yes(resources.update(
                    tx, known.get().state(), known.get().withData(site), name, "advertisement changed"));
        }
        var label = site.code().isEmpty() ? name : site.code();
        var resource = resources.fresh(id, SITE, name, Optional.empty(), label, "active", "-", site);
        resources.insert(tx, resource, name, "advertised");
        return Answer.yes(resource);
    }

    private static String siteCode(Graph arm) {
        var hosts = Hosts.of(arm);
        return hosts.isEmpty() ? "" : hosts.getFirst().site();
    }

    private void replace(Tx tx, String graphMl, Graph arm) {
        models.put(tx, name, WHOLE, graphMl);
        Delegations.split(arm, this::delegationId).forEach((delegation, adm) -> {
            var id = UUID.fromString(adm.id());
            models.put(tx, name, adm.id(), GraphMl.write(adm));
            for (var host : Hosts.of(adm)) {
                calendar.setTotal(tx, name, host.place(), host.delegated(), platform.now());
            }
            var made = resources.lock(tx, Copies.id(name, id));
            if (made.isEmpty()) {
                var fresh = resources.fresh(
                        Copies.id(name, id),
                        DELEGATION,
                        name,
                        Optional.empty(),
                        name + "/" + delegation,
                        "delegated",
                        "-",
                        new DelegationMade(delegation, Optional.empty(), Optional.empty()));
                resources.insert(tx, fresh, name, "advertised");
            } else {
                var record = made.get().as(DelegationMade.class);
                if (made.get().state().equals("delegated") && record.claimant().isPresent()) {
                    send(tx, record.claimant().get(), record.claim().orElseThrow(), id, delegation);
                }
            }
        });
    }

    private String delegationId(String delegation) {
        return UUID.nameUUIDFromBytes((name + '\n' + delegation).getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    void claimed(Tx tx, String broker, Message.ClaimDelegation claim) {
        var id = UUID.fromString(delegationId(claim.delegation()));
        var made = resources.lock(tx, Copies.id(name, id));
        if (made.isEmpty()) {
            refuse(
                    tx,
                    broker,
                    claim,
                    id,
                    Refusal.notThere(name + " has no delegation called " + claim.delegation() + "; it has: "
                            + String.join(", ", names(tx))));
            return;
        }
        var record = made.get().as(DelegationMade.class);
        if (made.get().state().equals("delegated")
                && record.claimant().filter(other -> !other.equals(broker)).isPresent()) {
            refuse(
                    tx,
                    broker,
                    claim,
                    id,
                    Refusal.clash("delegation " + claim.delegation() + " of " + name + " is claimed by "
                            + record.claimant().get()));
            return;
        }
        var taken = new DelegationMade(claim.delegation(), Optional.of(broker), Optional.of(claim.claim()));
        resources.update(
                tx,
                made.get().state(),
                made.get().withData(taken).withState("delegated", Optional.empty()),
                broker,
                "claimed");
        send(tx, broker, claim.claim(), id, claim.delegation());
    }

    private void send(Tx tx, String broker, UUID claim, UUID delegation, String delegationName) {
        var graph = GraphMl.write(requireNonNull(models.of(tx, name).get(delegation.toString())));
        post.send(
                tx,
                name,
                broker,
                new Message.UpdateDelegation(
                        claim, delegation, delegationName, Optional.empty(), Optional.of(graph), Optional.empty()));
    }

    private void refuse(Tx tx, String broker, Message.ClaimDelegation claim, UUID delegation, Refusal why) {
        post.send(
                tx,
                name,
                broker,
                new Message.UpdateDelegation(
                        claim.claim(),
                        delegation,
                        claim.delegation(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(why)));
    }

    void reclaimed(Tx tx, String broker, Message.ReclaimDelegation reclaim) {
        resources
                .lock(tx, Copies.id(name, reclaim.delegation()))
                .filter(made -> made.as(DelegationMade.class).claimant().equals(Optional.of(broker)))
                .ifPresent(made -> {
                    var free = new DelegationMade(
                            made.as(DelegationMade.class).delegationName(), Optional.empty(), Optional.empty());
                    resources.update(
                            tx,
                            made.state(),
                            made.withData(free).withState("reclaimed", Optional.empty()),
                            broker,
                            "reclaimed");
                });
    }

    /// Whether `broker` has claimed the delegation. What it promised before it gave it back is kept, so a reclaimed
    /// one still counts.
    boolean delegatedTo(Tx tx, UUID delegation, String broker) {
        return resources
                .find(tx, Copies.id(name, delegation))
                .filter(made -> made.state().equals("reclaimed")
                        || made.as(DelegationMade.class).claimant().equals(Optional.of(broker)))
                .isPresent();
    }

    private List<String> names(Tx tx) {
        return resources.ofType(tx, DELEGATION, 10_000).stream()
                .filter(resource -> resource.actor().equals(name))
                .map(resource -> resource.as(DelegationMade.class).delegationName())
                .toList();
    }
}
