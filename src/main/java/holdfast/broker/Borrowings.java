package holdfast.broker;

import holdfast.calendar.Calendar;
import holdfast.calendar.Profile;
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
import holdfast.inventory.GraphMl;
import holdfast.inventory.Host;
import holdfast.inventory.Hosts;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.Message;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Hosts of other domains that this broker may promise for the term of a contract, each as a site of its own.
///
/// They are kept beside the combined model: a borrowed host has no place in a topology of ours, and its names come from
/// somebody whom we need not trust. All that is taken over is how much there is and when; every name is our own.
final class Borrowings {
    private static final Duration CLAIM_LIMIT = Duration.ofSeconds(240);
    /// What was used until the last moment may take some time to be told as closed.
    private static final Duration GRACE = Duration.ofHours(1);

    private final String name;
    private final Platform platform;
    private final Resources resources;
    private final Processes processes;
    private final Post post;
    private final Calendar calendar;

    /// @param name of the broker
    Borrowings(String name, Platform platform, Engine engine, Calendar calendar) {
        this.name = name;
        this.platform = platform;
        this.resources = engine.resources();
        this.processes = engine.processes();
        this.post = engine.post();
        this.calendar = calendar;
        engine.definitions().add(ProcessDefinition.timer("borrowing.deadline", this::claimTimedOut));
        engine.definitions().add(ProcessDefinition.timer("borrowing.forget", this::forget));
    }

    private UUID id(UUID contract) {
        return Copies.id(name, contract);
    }

    /// Claims what was bought. Told twice, it tells again how that stands.
    void borrow(Tx tx, String sender, Message.Borrow borrow) {
        var id = id(borrow.contract());
        var known = resources.lock(tx, id);
        if (known.isPresent()) {
            tell(tx, known.get());
            return;
        }
        insert(tx, borrow.contract(), borrow.authority(), sender, borrow.site(), borrow.project(), "claiming");
        processes
                .schedule(tx, Request.at(platform.now().plus(CLAIM_LIMIT), "borrowing.deadline", id, name))
                .orThrow();
        post.send(tx, name, borrow.authority(), new Message.ClaimDelegation(id, borrow.delegation()));
    }

    private void insert(
            Tx tx, UUID contract, String authority, String asker, String site, String project, String state) {
        var record = Borrowing.asked(contract, authority, asker);
        resources.insert(
                tx,
                resources.fresh(id(contract), Borrowing.TYPE, name, Optional.empty(), site, state, project, record),
                asker,
                "borrow");
    }

    /// Promises nothing more of it. What was promised stays until its authority closes it.
    void giveBack(Tx tx, String sender, UUID contract) {
        var known = resources.lock(tx, id(contract));
        if (known.isEmpty()) { // overtook its own request, which is refused when it comes
            insert(tx, contract, "-", sender, "-", "-", "returned");
            forgetLater(tx, id(contract));
            return;
        }
        var record = known.get().as(Borrowing.class);
        switch (known.get().state()) {
            case "borrowed", "claiming" -> {
                move(tx, known.get(), "returned", Optional.empty(), sender, "given back");
                record.delegation()
                        .ifPresent(delegation -> post.send(
                                tx,
                                name,
                                record.authority(),
                                new Message.ReclaimDelegation(known.get().id(), delegation)));
                processes.cancelTimers(tx, known.get().id());
                forgetLater(tx, known.get().id());
            }
            default -> {}
        }
    }

    /// The authority answers a claim.
    ///
    /// @return whether the claim was one of these
    boolean heard(Tx tx, String sender, Message.UpdateDelegation update) {
        var known = resources
                .lock(tx, update.claim())
                .filter(resource -> resource.type().equals(Borrowing.TYPE))
                .filter(resource -> resource.as(Borrowing.class).authority().equals(sender));
        if (known.isEmpty()) {
            return false;
        }
        var resource = known.get();
        var record = resource.as(Borrowing.class);
        if (resource.state().equals("returned")) { // given back before we knew what to give back
            post.send(tx, name, sender, new Message.ReclaimDelegation(resource.id(), update.delegation()));
        } else if (resource.state().equals("borrowed")) {
            longer(tx, resource, update, sender);
        } else if (resource.state().equals("claiming")) {
            processes.cancelTimers(tx, resource.id());
            switch (lent(update)) {
                case Answer.Yes<Lent>(var lent) -> {
                    take(tx, resource.id(), lent);
                    var taken = record.of(update.delegation(), lent.term(), lent.amounts());
                    tell(tx, move(tx, resource.withData(taken), "borrowed", Optional.empty(), sender, "lent"));
                }
                case Answer.No<Lent>(var why) -> {
                    tell(tx, move(tx, resource, "failed", Optional.of(why), sender, why.message()));
                    forgetLater(tx, resource.id());
                }
            }
        }
        return true;
    }

    /// The contract was renewed.
    private void longer(Tx tx, Resource resource, Message.UpdateDelegation update, String who) {
        var record = resource.as(Borrowing.class);
        if (!(lent(update) instanceof Answer.Yes<Lent>(var lent))
                || !lent.term().until().isAfter(record.term().orElseThrow().until())) {
            return;
        }
        processes.cancelTimers(tx, resource.id());
        take(tx, resource.id(), lent);
        var renewed = record.of(update.delegation(), lent.term(), lent.amounts());
        resources.update(tx, resource.state(), resource.withData(renewed), who, "renewed");
    }

    /// It may be promised from now on, until its term is over.
    private void take(Tx tx, UUID id, Lent lent) {
        calendar.carve(tx, name, id.toString(), List.of(new Profile.Step(lent.term(), lent.amounts())));
        processes
                .schedule(tx, Request.at(lent.term().until().plus(GRACE), "borrowing.forget", id, name))
                .orThrow();
    }

    /// What can be believed of the answer.
    private record Lent(Interval term, Capacities amounts) {}

    private static Answer<Lent> lent(Message.UpdateDelegation update) {
        if (update.graph().isEmpty()) {
            return Answer.no(update.refusal().orElseGet(() -> Refusal.broken("the claim was not answered")));
        }
        try {
            var hosts = Hosts.of(GraphMl.read(update.graph().get()));
            if (hosts.size() != 1
                    || update.term().isEmpty()
                    || hosts.getFirst().delegated().nothing()) {
                return Answer.no(Refusal.malformed(
                        "graph", "what was lent must be one host with some capacity, for a term; it is not"));
            }
            return Answer.yes(new Lent(update.term().get(), hosts.getFirst().delegated()));
        } catch (RefusedException e) {
            return Answer.no(e.refusal());
        }
    }

    /// The borrowed host that a project may use at a site, if it has one there.
    Optional<Host> at(Tx tx, String site, String project) {
        return site.isEmpty() ? Optional.empty() : found(tx, site, project).map(Borrowings::host);
    }

    private Optional<Resource> found(Tx tx, String site, String project) {
        var mine = Resources.typed(Borrowing.TYPE)
                .and(Resources.named(site))
                .and(Resources.ownedBy(project))
                .and(Resources.keptBy(name))
                .and(Resources.inState("borrowed"))
                .and(Resources.present());
        return resources.list(tx, mine, 1).stream().findFirst();
    }

    private static Host host(Resource resource) {
        var record = resource.as(Borrowing.class);
        return new Host(
                resource.id().toString(),
                resource.name() + "-host",
                resource.name(),
                record.granted().orElseThrow(),
                resource.id().toString(),
                Optional.empty(),
                List.of());
    }

    /// Who pays for `host`, which [#at] has given.
    Supply.Offer offer(Tx tx, Host host) {
        var record = resources
                .find(tx, UUID.fromString(host.delegationId()))
                .orElseThrow()
                .as(Borrowing.class);
        return new Supply.Offer(record.delegation().orElseThrow(), record.authority());
    }

    private void tell(Tx tx, Resource resource) {
        var record = resource.as(Borrowing.class);
        var message = resource.message().orElse("it was given back");
        switch (resource.state()) {
            case "borrowed" ->
                post.send(
                        tx,
                        name,
                        record.asker(),
                        new Message.Borrowed(record.contract(), record.granted(), Optional.empty()));
            case "failed", "returned" ->
                post.send(
                        tx,
                        name,
                        record.asker(),
                        new Message.Borrowed(record.contract(), Optional.empty(), Optional.of(Refusal.clash(message))));
            default -> {} // the authority has been asked
        }
    }

    private Resource move(Tx tx, Resource resource, String state, Optional<Refusal> why, String who, String reason) {
        return resources.update(
                tx, resource.state(), resource.withState(state, why.map(Refusal::message)), who, reason);
    }

    private void forgetLater(Tx tx, UUID id) {
        processes
                .schedule(tx, Request.at(platform.now().plus(GRACE), "borrowing.forget", id, name))
                .orThrow();
    }

    private Outcome claimTimedOut(Step.Context context) {
        return Outcome.done(tx -> resources
                .lock(tx, context.resource().id())
                .filter(resource -> resource.state().equals("claiming"))
                .ifPresent(resource -> {
                    var why = Refusal.silent("no answer within " + CLAIM_LIMIT.toSeconds() + " seconds");
                    tell(tx, move(tx, resource, "failed", Optional.of(why), "timer", why.message()));
                    forgetLater(tx, resource.id());
                }));
    }

    /// Its term is over: so is its record, as soon as nothing promised of it is left.
    private Outcome forget(Step.Context context) {
        return Outcome.done(tx -> resources
                .lock(tx, context.resource().id())
                .filter(resource -> resource.removed().isEmpty())
                .ifPresent(resource -> {
                    var now = platform.now();
                    if (calendar.removePlace(tx, name, resource.id().toString(), now)
                            .isPresent()) {
                        forgetLater(tx, resource.id());
                        return;
                    }
                    resources.update(
                            tx,
                            resource.state(),
                            resource.withState("returned", resource.message()).removedAt(now),
                            "timer",
                            "over");
                }));
    }
}
