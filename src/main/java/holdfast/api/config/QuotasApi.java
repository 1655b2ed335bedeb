package holdfast.api.config;

import holdfast.platform.Tx;
import holdfast.pools.clouds.Configuration;
import holdfast.pools.clouds.Entry;
import holdfast.pools.clouds.Limits;
import holdfast.pools.clouds.Right.Action;
import holdfast.pools.clouds.Right.Target;
import holdfast.pools.clouds.Usage.Counts;
import holdfast.pools.clouds.Usage.Kind;
import holdfast.pools.clouds.Usage.Owner;
import holdfast.pools.clouds.Users;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// `/broker/quotas?owner=KIND:ID`: a limit and how much of it is used (aeolus.md 6.6). KIND is `pool_family`, `pool`,
/// `provider_account` or `user`.
final class QuotasApi implements Part {
    private static final String OWNER = "owner";
    /// From so many percent on there is a warning.
    private static final int WARNING = 70;

    private final Desk desk;

    private record Found(Owner owner, Limits limits) {}

    QuotasApi(Desk desk) {
        this.desk = desk;
    }

    @Override
    public Reply serve(Ask ask, List<String> rest) {
        if (!ask.method().equals(Ask.GET) || !rest.isEmpty()) {
            throw ask.wrongMethod("GET of /broker/quotas?owner=KIND:ID");
        }
        ask.only(Set.of(OWNER));
        var owner = ask.parameter(OWNER).orElseThrow(() -> Failure.malformed("owner is missing: say owner=KIND:ID"));
        return desk.in(tx -> Reply.ok(show(tx, find(tx, ask, owner), owner)));
    }

    private Found find(Tx tx, Ask ask, String owner) {
        int colon = owner.indexOf(':');
        var kind = colon < 0 ? "" : owner.substring(0, colon);
        var id = Ids.of(owner.substring(colon + 1));
        Configuration all = desk.configuration();
        Optional<Found> found = switch (kind) {
            case "pool_family" ->
                id.flatMap(one -> all.families().find(tx, one))
                        .filter(entry -> sees(tx, ask, Target.POOL_FAMILY, entry))
                        .map(entry -> found(Kind.FAMILY, entry, entry.value().limits()));
            case "pool" ->
                id.flatMap(one -> all.pools().find(tx, one))
                        .filter(entry -> sees(tx, ask, Target.POOL, entry))
                        .map(entry -> found(Kind.POOL, entry, entry.value().limits()));
            case "provider_account" ->
                id.flatMap(one -> all.accounts().find(tx, one))
                        .filter(entry -> sees(tx, ask, Target.PROVIDER_ACCOUNT, entry))
                        .map(entry -> found(Kind.ACCOUNT, entry, entry.value().limits()));
            case "user" ->
                id.filter(one -> one.equals(Users.id(ask.who()))
                                || ask.held(tx).may(Action.VIEW, Target.USER, List.of()))
                        .flatMap(one -> all.users().find(tx, one))
                        .map(entry -> found(Kind.USER, entry, entry.value().limits()));
            default ->
                throw Failure.malformed("owner must be pool_family, pool, provider_account or user, a colon and an id");
        };
        return found.orElseThrow(() -> Failure.notFound("there is no such owner of a quota"));
    }

    private static boolean sees(Tx tx, Ask ask, Target target, Entry<?> entry) {
        List<UUID> path = Collection.path(entry);
        return ask.held(tx).may(Action.VIEW, target, path)
                && (ask.held(tx).may(Action.VIEW, Target.QUOTA, path) || target == Target.PROVIDER_ACCOUNT);
    }

    private static Found found(Kind kind, Entry<?> entry, Limits limits) {
        return new Found(new Owner(kind, entry.id()), limits);
    }

    private Element show(Tx tx, Found found, String owner) {
        var used = desk.configuration()
                .usage()
                .counts(tx, List.of(found.owner()))
                .getOrDefault(found.owner(), Counts.NONE);
        long percentage = Shown.percentage(found.limits(), used);
        return Element.of("quota")
                .attribute(OWNER, owner)
                .with("maximum_running_instances", Shown.maximum(found.limits().running()))
                .with("maximum_total_instances", Shown.maximum(found.limits().total()))
                .with("running_instances", used.running())
                .with("total_instances", used.total())
                .with("reserved_instances", used.reserved())
                .with("percentage_used", percentage)
                .with("warning", percentage >= WARNING);
    }
}
