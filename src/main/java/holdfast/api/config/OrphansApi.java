package holdfast.api.config;

import holdfast.platform.Tx;
import holdfast.pools.clouds.Entry;
import holdfast.pools.clouds.Right.Action;
import holdfast.pools.clouds.Right.Target;
import holdfast.pools.clouds.Sites.Orphan;
import holdfast.pools.clouds.Stored.Account;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jooq.impl.DSL;

/// `/broker/orphans[/id]`: what bears our mark at accounts that the caller may see, and was made for nothing that we
/// know (aeolus.md 7, G3). It stays until somebody deletes it. Ids are those of account and lease, and the part.
final class OrphansApi implements Part {
    private static final String ACCOUNT = "provider_account";
    private static final Pattern ID = Pattern.compile("([0-9a-f-]{36})~([0-9a-f-]{36})~([A-Za-z0-9_.-]{1,50})");

    private final Desk desk;

    OrphansApi(Desk desk) {
        this.desk = desk;
    }

    private record Found(Entry<Account> account, Orphan orphan) {
        String id() {
            return account.id() + "~" + orphan.lease() + "~" + orphan.part();
        }
    }

    @Override
    public Reply serve(Ask ask, List<String> rest) {
        return switch (rest.size()) {
            case 0 -> {
                ask.must(Ask.GET);
                ask.only(Set.of(ACCOUNT));
                yield desk.in(tx -> {
                    var all = found(tx, ask, ask.parameter(ACCOUNT));
                    var some = ask.page(all).stream().map(one -> show(ask, one)).toList();
                    return Reply.ok(Element.many("orphans", some)).total(all.size());
                });
            }
            case 1 ->
                switch (ask.method()) {
                    case Ask.GET -> desk.in(tx -> Reply.ok(show(ask, one(tx, ask, rest.getFirst()))));
                    case Ask.DELETE -> desk.in(tx -> remove(tx, ask, one(tx, ask, rest.getFirst())));
                    default -> throw ask.wrongMethod("GET, DELETE");
                };
            default -> throw nothing();
        };
    }

    private static Failure nothing() {
        return Failure.notFound("there is no such orphan");
    }

    /// @param account that of which they are; empty = all that the caller may see
    private List<Found> found(Tx tx, Ask ask, Optional<String> account) {
        var accounts = desk.configuration().accounts();
        var some = account.isEmpty()
                ? accounts.list(tx, DSL.noCondition())
                : Ids.of(account.get()).flatMap(id -> accounts.find(tx, id)).stream()
                        .toList();
        var all = new ArrayList<Found>();
        for (var one : some) {
            if (ask.held(tx).may(Action.VIEW, Target.PROVIDER_ACCOUNT, Collection.path(one))) {
                desk.configuration().sites().orphans(tx, one.id()).forEach(orphan -> all.add(new Found(one, orphan)));
            }
        }
        return all;
    }

    private Found one(Tx tx, Ask ask, String id) {
        var parts = ID.matcher(id);
        if (!parts.matches()) {
            throw nothing();
        }
        return found(tx, ask, Optional.of(parts.group(1))).stream()
                .filter(one -> one.id().equals(id))
                .findFirst()
                .orElseThrow(OrphansApi::nothing);
    }

    /// A look that is made now takes it away.
    private Reply remove(Tx tx, Ask ask, Found one) {
        ask.need(tx, Action.MODIFY, Target.PROVIDER_ACCOUNT, Collection.path(one.account()));
        var orphan = one.orphan();
        desk.configuration()
                .sites()
                .takeAway(tx, one.account().id(), orphan.lease(), orphan.part(), ask.who())
                .orThrow();
        return new Reply(202, Optional.empty(), Map.of());
    }

    private static Element show(Ask ask, Found one) {
        var orphan = one.orphan();
        return ask.ref("orphan", "orphans", one.id())
                .with(ask.ref(ACCOUNT, "provider_accounts", one.account().id())
                        .saying(one.account().name()))
                .with("part", orphan.part())
                .with("external_key", said(orphan.key()))
                .with("name", said(orphan.name()))
                .with("provider_state", said(orphan.status()))
                .with("since", orphan.since().toString())
                .with("being_removed", orphan.going());
    }

    private static Optional<String> said(String text) {
        return Optional.of(text).filter(there -> !there.isEmpty());
    }
}
