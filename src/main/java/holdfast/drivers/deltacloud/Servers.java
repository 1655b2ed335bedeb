package holdfast.drivers.deltacloud;

import holdfast.authority.Cloud.Order;
import holdfast.authority.Cloud.Order.Instance.Way;
import holdfast.authority.Driver.Key;
import holdfast.authority.Driver.Result;
import holdfast.core.CloudServer;
import holdfast.core.Wanted;
import holdfast.drivers.deltacloud.Outcome.NotDoneException;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes instances, switches them and takes them away, each step after a look.
final class Servers {
    static final String PART = "server";
    private static final Logger LOG = LoggerFactory.getLogger(Servers.class);
    private static final Duration SOON = Duration.ofSeconds(1);
    /// Parameters that work only where the feature is offered (aeolus.md 5.3.3).
    private static final Map<String, String> FEATURES = Map.of(
            "snapshot_id", "attach_snapshot",
            "device_name", "attach_snapshot",
            "load_balancer_id", "register_to_load_balancer",
            "metrics", "metrics",
            "password", "authentication_password",
            "user_files", "user_files",
            "user_iso", "user_iso",
            "sandbox", "sandboxing");

    private final Api api;
    private final Account account;
    private final Marks marks;
    private final Instances instances;
    private final Memory memory;

    Servers(Api api, Account account, Marks marks, Instances instances, Memory memory) {
        this.api = api;
        this.account = account;
        this.marks = marks;
        this.instances = instances;
        this.memory = memory;
    }

    Result ensure(Key key, Order.Instance order) {
        var found = find(key);
        if (found.isEmpty()) return order.way() == Way.MAKE ? place(key, order.wanted()) : order.withoutIt();
        var seen = found.get();
        var course = order.way() == Way.REBOOT
                ? Course.restart(seen, instances.states())
                : Course.toward(order.wanted().on(), seen, instances.states());
        return switch (course) {
            case Course.Reached _ -> reached(key, seen);
            case Course.Wait _ -> stuck(seen, key, order.wanted().on());
            case Course.Act(var action) -> act(key, seen, action, order);
            case Course.Hopeless(var why) -> {
                memory.settle(key);
                yield new Result.Failed(why);
            }
        };
    }

    private Result reached(Key key, Seen seen) {
        memory.settle(key);
        return new Result.Done(seen.facts());
    }

    /// A stop that leads nowhere is asked for again (aeolus.md 3.4).
    private Result stuck(Seen seen, Key key, boolean on) {
        if (seen.power() == Power.STOPPING
                && !on
                && !memory.isAsked(key, "stop")
                && instances.states().allow(Power.STOPPING, "stop")) {
            memory.asking(key, "stop");
            instances.act(seen, "stop");
        }
        return waiting(seen);
    }

    private Result waiting(Seen seen) {
        return new Result.Later(
                "waiting for the instance " + seen.name() + ": " + seen.state(),
                Optional.of(api.limits().pause()));
    }

    private Result act(Key key, Seen seen, String action, Order.Instance order) {
        if (memory.isAsked(key, action)) return waiting(seen);
        var outcome = instances.act(seen, action);
        switch (outcome) {
            case Outcome.Done(var _, var body, var _) -> {
                if (action.equals("reboot")) return reached(key, seen);
                memory.asking(key, action);
                return body.flatMap(Seen::read)
                        .filter(now ->
                                Course.toward(order.wanted().on(), now, instances.states()) instanceof Course.Reached)
                        .map(now -> reached(key, now))
                        .orElseGet(() -> new Result.Later(
                                "waiting for the instance " + seen.name() + " to " + action, Optional.of(SOON)));
            }
            case Outcome.Away _, Outcome.Unknown _, Outcome.Broken _ -> {
                return memory.failed(key)
                        .<Result>map(pause -> new Result.Later(action + ": " + outcome.why(), Optional.of(pause)))
                        .orElseGet(() -> new Result.Failed(action + ": " + outcome.why()));
            }
            case Outcome.Denied _, Outcome.Gone _, Outcome.BadState _, Outcome.Unsupported _, Outcome.Wrong _ -> {
                return new Result.Failed(action + ": " + outcome.why());
            }
        }
    }

    /// Makes one that was looked for and not found. What may have been made is looked for until it is sure that it
    /// was not; then it is a failure, and whoever wants it may try elsewhere.
    private Result place(Key key, Wanted.Instance wanted) {
        var doubt = memory.doubt(key);
        if (memory.isInDoubt(key))
            return new Result.Later(
                    "looking for the instance " + wanted.name() + " after an order that was not answered",
                    Optional.of(api.limits().pause()));
        if (doubt.isPresent()) {
            memory.settle(key);
            return new Result.Failed(doubt.get().why());
        }
        var outcome = instances.create(form(key, wanted));
        return switch (outcome) {
            case Outcome.Done(var _, var body, var _) ->
                body.flatMap(Seen::read)
                        .map(seen -> made(key, seen, wanted))
                        .orElseGet(() -> unsure(key, outcome, true));
            case Outcome.Unknown _ -> unsure(key, outcome, true);
            // what has failed behind may have been made before
            case Outcome.Broken(var status, var _) -> unsure(key, outcome, status != 500);
            case Outcome.Away _ -> throw new NotDoneException(outcome);
            case Outcome.Denied _, Outcome.Gone _, Outcome.BadState _, Outcome.Unsupported _, Outcome.Wrong _ ->
                new Result.Failed(outcome.why());
        };
    }

    private Result made(Key key, Seen seen, Wanted.Instance wanted) {
        if (isOf(key, seen)) memory.seen(key, seen.id());
        else memory.doubt(key, "the cloud made " + seen.id() + " without its mark; take it away there by hand", true);
        return Course.toward(wanted.on(), seen, instances.states()) instanceof Course.Reached && isOf(key, seen)
                ? reached(key, seen)
                : new Result.Later(
                        "waiting for the instance " + wanted.name() + ": " + seen.state(), Optional.of(SOON));
    }

    private Result unsure(Key key, Outcome outcome, boolean slow) {
        memory.doubt(key, outcome.why(), slow);
        return new Result.Later(
                "looking for what was made, since it is not known: " + outcome.why(), Optional.of(SOON));
    }

    private Map<String, String> form(Key key, Wanted.Instance wanted) {
        var can = api.entry().need(Instances.COLLECTION);
        var form = new LinkedHashMap<String, String>();
        form.put("image_id", wanted.image());
        form.put("hwp_id", wanted.profile());
        var longest = can.number("user_name", "max_length");
        boolean named = can.can("user_name") && Marks.fits(longest);
        if (named) form.put("name", marks.name(key, wanted.name(), longest));
        new TreeMap<>(wanted.sizes()).forEach((size, value) -> form.put("hwp_" + size, value));
        wanted.key().ifPresent(name -> put(form, can, "keyname", Keys.FEATURE, name));
        wanted.realm().ifPresent(realm -> form.put("realm_id", realm));
        wanted.userData().ifPresent(data -> put(form, can, "user_data", "user_data", data));
        new TreeMap<>(wanted.extras()).forEach((name, value) -> put(form, can, name, feature(name), value));
        boolean marked = named || wanted.key().flatMap(marks::leaseOfKey).equals(Optional.of(key.lease()));
        if (!marked)
            throw new NotDoneException(new Outcome.Unsupported(
                    "instances there have no names, and this one no key of its own: it could not be found again"));
        return form;
    }

    private static String feature(String parameter) {
        return parameter.startsWith("firewalls") ? "firewalls" : FEATURES.getOrDefault(parameter, "");
    }

    /// What was asked for is not left out in silence.
    private static void put(
            Map<String, String> form, Entry.Collection can, String parameter, String feature, String value) {
        if (!feature.isEmpty() && !can.can(feature))
            throw new NotDoneException(
                    new Outcome.Unsupported("the cloud takes no " + parameter + " when an instance is made"));
        form.put(parameter, value);
    }

    /// The instance of that mark. Of two only the older one is let live.
    ///
    /// @throws NotDoneException if that cannot be told now
    Optional<Seen> find(Key key) {
        var known = memory.id(key).flatMap(instances::look).filter(seen -> isOf(key, seen));
        if (known.isPresent()) return known;
        var listed = instances.all();
        var ours = listed.entries().stream()
                .filter(seen -> isOf(key, seen) && seen.power() != Power.GONE)
                .sorted(Comparator.comparing(Seen::launched).thenComparing(Seen::id))
                .toList();
        if (ours.isEmpty()) {
            if (!listed.whole())
                throw new NotDoneException(new Outcome.Away("some of the instances there cannot be read"));
            memory.missed(key);
            return Optional.empty();
        }
        for (var second : ours.subList(1, ours.size())) {
            LOG.warn("Two instances bear the mark of {}; taking away the younger, {}.", key, second.id());
            if (leave(second) instanceof Course.Act(var action)) instances.act(second, action);
        }
        memory.seen(key, ours.getFirst().id());
        return Optional.of(ours.getFirst());
    }

    private boolean isOf(Key key, Seen seen) {
        return lease(seen).equals(Optional.of(key.lease()));
    }

    private Optional<String> lease(Seen seen) {
        return marks.leaseOf(seen.name()).or(() -> seen.key().flatMap(marks::leaseOfKey));
    }

    private Course leave(Seen seen) {
        return leave(seen, instances.states());
    }

    private Course leave(Seen seen, States states) {
        return Course.away(seen, states, account.destroys());
    }

    Result remove(Key key) {
        var found = find(key);
        if (found.isEmpty()) {
            if (memory.isInDoubt(key))
                return new Result.Later(
                        "waiting for the effect of an order that was not answered",
                        Optional.of(api.limits().pause()));
            memory.forget(key);
            return new Result.Done(Map.of());
        }
        var seen = found.get();
        if (!(leave(seen) instanceof Course.Act(var action))) {
            if (leave(seen) instanceof Course.Wait) return waiting(seen);
            memory.forget(key);
            return new Result.Done(Map.of());
        }
        if (!memory.isAsked(key, action)) {
            var outcome = instances.act(seen, action);
            boolean over = outcome instanceof Outcome.BadState || outcome instanceof Outcome.Gone;
            if (!over) outcome.orThrow(); // else somebody was quicker, and the next look tells
            memory.asking(key, action);
        }
        return new Result.Later("waiting for the instance " + seen.name() + " to " + action, Optional.of(SOON));
    }

    /// What is kept of an instance of a list.
    ///
    /// @param there whether it is there still
    /// @param lease whose it is; empty also for what is left stopped for good, and so is not ours any more
    private record Kept(CloudServer server, boolean there, Optional<String> lease) {}

    /// All that there is.
    ///
    /// @param ours what was made for a lease
    /// @param whole see [Instances.Listed]
    record All(List<CloudServer> servers, List<Key> ours, boolean whole) {
        /// @throws NotDoneException if some cannot be read: what is missing would count as lost
        All orThrow() {
            if (!whole) throw new NotDoneException(new Outcome.Away("some of the instances there cannot be read"));
            return this;
        }
    }

    /// Asks once.
    All all() {
        var states = instances.states();
        var listed = instances.all(seen -> new Kept(
                shown(seen),
                seen.power() != Power.GONE,
                lease(seen).filter(_ -> !(leave(seen, states) instanceof Course.Reached))));
        var ours = listed.entries().stream()
                .flatMap(one -> one.lease.stream())
                .map(lease -> new Key(lease, PART))
                .distinct()
                .toList();
        var there = listed.entries().stream().filter(Kept::there).map(Kept::server);
        return new All(there.toList(), ours, listed.whole());
    }

    private CloudServer shown(Seen seen) {
        return new CloudServer(
                seen.id(),
                seen.name(),
                lease(seen).map(lease -> lease + "/" + PART),
                seen.state(),
                Optional.empty(),
                seen.realm(),
                seen.owner(),
                Map.of("instance", 1L),
                false,
                Optional.empty(),
                seen.addresses());
    }
}
