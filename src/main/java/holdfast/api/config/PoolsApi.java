package holdfast.api.config;

import static java.util.Objects.requireNonNull;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.orchestrator.instances.Fleet;
import holdfast.platform.Tx;
import holdfast.pools.clouds.Entry;
import holdfast.pools.clouds.Limits;
import holdfast.pools.clouds.Right.Target;
import holdfast.pools.clouds.Stored.Pool;
import holdfast.pools.clouds.choice.Explanation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jooq.Condition;

/// `/broker/pools`, and below it how they choose among accounts.
final class PoolsApi extends Collection<Pool> {
    private static final String FAMILY = "pool_family";

    private final ChoiceApi choice;
    private final Optional<Fleet> fleet;

    /// @param fleet where launches can be explained; empty = nowhere
    PoolsApi(Desk desk, Optional<Fleet> fleet) {
        super(desk, desk.configuration().pools(), "pools", "pool", Target.POOL);
        this.fleet = fleet;
        this.choice = new ChoiceApi(desk, this);
    }

    @Override
    Map<String, Function<String, Condition>> filters() {
        return Map.of(FAMILY, Collection::partOf, "enabled", text -> kept("enabled", text));
    }

    @Override
    Optional<UUID> parent(Body body) {
        return Optional.of(body.id(FAMILY).orElseThrow(() -> Failure.invalid(FAMILY, "Pool family can't be blank")));
    }

    @Override
    Pool read(Tx tx, Body body, Optional<Entry<Pool>> before) {
        var old = before.map(Entry::value)
                .orElseGet(() -> new Pool(
                        "", Limits.NONE, true, false, Optional.empty(), false, List.of(), List.of(), Map.of()));
        before.flatMap(Entry::parent).ifPresent(family -> stays(body, family));
        return new Pool(
                body.text("description").orElse(old.description()),
                body.limits(old.limits()),
                body.flag("enabled").orElse(old.enabled()),
                body.flag("deterministic").orElse(old.deterministic()),
                body.optional("exported_as").orElse(old.exportedAs()),
                old.standard(),
                old.strategies(),
                old.groups(),
                old.weights());
    }

    private static void stays(Body body, UUID family) {
        if (body.id(FAMILY).filter(other -> !other.equals(family)).isPresent()) {
            throw Failure.invalid(FAMILY, "Pool family cannot be changed: make another pool there");
        }
    }

    @Override
    void guard(Tx tx, Ask ask, Body body, Optional<Entry<Pool>> before, Optional<UUID> parent) {
        if (before.isPresent()) {
            quota(tx, ask, body, parent.stream().toList());
        }
    }

    @Override
    List<Element> show(Tx tx, Ask ask, List<Entry<Pool>> some) {
        var families = desk
                .configuration()
                .families()
                .all(
                        tx,
                        some.stream()
                                .flatMap(pool -> pool.parent().stream())
                                .distinct()
                                .toList())
                .stream()
                .collect(Collectors.toMap(Entry::id, Entry::name));
        return some.stream()
                .map(pool -> {
                    var kept = pool.value();
                    var id = pool.id().toString();
                    var family = pool.parent().orElseThrow();
                    var element = head(ask, pool)
                            .with("name", pool.name())
                            .with("description", kept.description())
                            .with(ask.ref(FAMILY, "pool_families", family).saying(requireNonNull(families.get(family))))
                            .with(Shown.quota(kept.limits()))
                            .with("enabled", kept.enabled())
                            .with("default", kept.standard())
                            .with("deterministic", kept.deterministic())
                            .with("exported_as", kept.exportedAs())
                            .with(Element.of("deployments").attribute("href", ask.href(plural, id, "deployments")))
                            .with(Element.of("selection_strategies")
                                    .attribute("href", ask.href(plural, id, "selection_strategies")))
                            .with(Element.of("priority_groups")
                                    .attribute("href", ask.href(plural, id, "priority_groups")))
                            .with(Element.of("account_options")
                                    .attribute("href", ask.href(plural, id, "account_options")));
                    return tail(element, pool);
                })
                .toList();
    }

    @Override
    Reply nested(Ask ask, UUID id, List<String> rest) {
        if (fleet.isPresent() && rest.equals(List.of("explain"))) {
            return explain(ask, id, fleet.get());
        }
        return choice.serve(ask, id, rest);
    }

    /// Where a launch would be made, and where not, and why; for those who may launch it.
    private Reply explain(Ask ask, UUID id, Fleet fleet) {
        ask.must(Ask.POST);
        var launch = InstancesApi.read(ask.body("instance"), Optional.empty());
        return switch (fleet.explain(ask.caller(), Optional.of(id.toString()), launch)) {
            case Answer.Yes<Explanation>(var explanation) -> Reply.ok(Explained.show(ask, explanation, List.of()));
            case Answer.No<Explanation>(var why)
            when why.kind() == Refusal.Kind.NOT_THERE && why.field().equals(Optional.of(singular)) ->
                throw nothing(id.toString());
            case Answer.No<Explanation>(var why) -> throw Explained.failure(why);
        };
    }
}
