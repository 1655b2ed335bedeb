package holdfast.api.config;

import holdfast.platform.Tx;
import holdfast.pools.clouds.Entries;
import holdfast.pools.clouds.Entry;
import holdfast.pools.clouds.Limits;
import holdfast.pools.clouds.Right.Action;
import holdfast.pools.clouds.Right.Target;
import holdfast.pools.clouds.Stored.Family;
import holdfast.pools.clouds.Stored.Pool;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jooq.Condition;

/// `/broker/pool_families`, and below it which accounts they use.
final class FamiliesApi extends Collection<Family> {
    private static final String ACCOUNTS = "provider_accounts";
    private static final String DEFAULT = "default";

    FamiliesApi(Desk desk) {
        super(desk, desk.configuration().families(), "pool_families", "pool_family", Target.POOL_FAMILY);
    }

    @Override
    Map<String, Function<String, Condition>> filters() {
        return Map.of(DEFAULT, text -> kept("standard", text));
    }

    @Override
    Family read(Tx tx, Body body, Optional<Entry<Family>> before) {
        var old = before.map(Entry::value)
                .orElseGet(() -> new Family("", Limits.NONE, Set.of(), Optional.empty(), false));
        return new Family(
                body.text("description").orElse(old.description()),
                body.limits(old.limits()),
                body.ids(ACCOUNTS).map(Set::copyOf).orElse(old.accounts()),
                body.optional("mapper_url").orElse(old.mapper()),
                old.standard());
    }

    @Override
    void guard(Tx tx, Ask ask, Body body, Optional<Entry<Family>> before, Optional<UUID> parent) {
        if (before.isPresent()) {
            quota(tx, ask, body, List.of());
        }
        var accounts = body.ids(ACCOUNTS).orElse(List.of());
        for (var account : desk.configuration().accounts().all(tx, accounts)) {
            ask.need(tx, Action.USE, Target.PROVIDER_ACCOUNT, path(account));
        }
        if (body.flag(DEFAULT).orElse(false)) {
            ask.need(tx, Action.MODIFY, Target.POOL_FAMILY, List.of());
        }
    }

    @Override
    Entry<Family> following(Tx tx, Ask ask, Body body, Entry<Family> entry) {
        return body.flag(DEFAULT).orElse(false)
                ? desk.configuration().families().prefer(tx, entry, ask.who())
                : entry;
    }

    /// Its pools (aeolus.md 2.1).
    @Override
    List<? extends Entry<?>> along(Tx tx, Entry<Family> family) {
        return desk.configuration().pools().of(tx, family.id());
    }

    @Override
    Element gone(Ask ask, Entry<Family> family, List<? extends Entry<?>> along) {
        return super.gone(ask, family, along)
                .with(Element.many(
                        "pools",
                        along.stream()
                                .map(pool -> ask.ref("pool", "pools", pool.id()).with("name", pool.name()))
                                .toList()));
    }

    @Override
    List<Element> show(Tx tx, Ask ask, List<Entry<Family>> some) {
        Map<Optional<UUID>, List<Entry<Pool>>> pools =
                desk
                        .configuration()
                        .pools()
                        .list(tx, Entries.partsOf(some.stream().map(Entry::id).toList()))
                        .stream()
                        .collect(Collectors.groupingBy(Entry::parent));
        return some.stream()
                .map(family -> {
                    var kept = family.value();
                    var mine = pools.getOrDefault(Optional.of(family.id()), List.of());
                    var element = head(ask, family)
                            .with("name", family.name())
                            .with("description", kept.description())
                            .with(DEFAULT, kept.standard())
                            .with(Shown.quota(kept.limits()))
                            .with("mapper_url", kept.mapper())
                            .with(Element.many(
                                    "pools",
                                    mine.stream()
                                            .map(pool -> ask.ref("pool", "pools", pool.id()))
                                            .toList()))
                            .with(Element.many(
                                    ACCOUNTS,
                                    kept.accounts().stream()
                                            .sorted()
                                            .map(account -> ask.ref("provider_account", ACCOUNTS, account))
                                            .toList()));
                    return tail(element, family);
                })
                .toList();
    }

    @Override
    Reply nested(Ask ask, UUID id, List<String> rest) {
        if (!rest.getFirst().equals(ACCOUNTS) || rest.size() > 2) {
            throw nothing(id.toString());
        }
        if (rest.size() == 1) {
            ask.must(Ask.GET);
            return desk.in(tx -> {
                var accounts = visible(tx, ask, id).value().accounts().stream()
                        .sorted()
                        .toList();
                var page = ask.page(accounts).stream()
                        .map(account -> ask.ref("provider_account", ACCOUNTS, account))
                        .toList();
                return Reply.ok(Element.many(ACCOUNTS, page)).with("X-Total-Count", String.valueOf(accounts.size()));
            });
        }
        return link(ask, id, rest.get(1));
    }

    private Reply link(Ask ask, UUID id, String account) {
        var which = Ids.of(account).orElseThrow(() -> Failure.notFound("there is no such provider account"));
        return desk.in(tx -> {
            var family = visible(tx, ask, id);
            boolean linked = family.value().accounts().contains(which);
            if (ask.method().equals(Ask.GET)) {
                if (!linked) {
                    throw Failure.notFound("the account is not used by this pool family");
                }
                return Reply.nothing();
            }
            boolean wanted = switch (ask.method()) {
                case Ask.PUT -> true;
                case Ask.DELETE -> false;
                default -> throw ask.wrongMethod("GET, PUT, DELETE");
            };
            ask.need(tx, Action.MODIFY, target, path(family));
            if (wanted) {
                var found = desk.configuration().accounts().get(tx, which).orThrow();
                ask.need(tx, Action.USE, Target.PROVIDER_ACCOUNT, path(found));
            } else if (!linked) {
                throw Failure.notFound("the account is not used by this pool family");
            }
            desk.configuration()
                    .families()
                    .link(tx, id, which, wanted, ask.who())
                    .orThrow();
            return Reply.nothing();
        });
    }
}
