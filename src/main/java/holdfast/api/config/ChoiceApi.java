package holdfast.api.config;

import static java.util.Objects.requireNonNull;

import holdfast.platform.Tx;
import holdfast.pools.clouds.CloudPool.PriorityGroup;
import holdfast.pools.clouds.Entry;
import holdfast.pools.clouds.Stored.Pool;
import holdfast.pools.clouds.Stored.Strategy;
import holdfast.pools.clouds.Strategies;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;

/// How a pool chooses among accounts: below `/broker/pools/ID` its `selection_strategies`, `priority_groups` and
/// `account_options` (aeolus.md 2.6). All of it is kept with the pool and shares its version.
final class ChoiceApi {
    private static final String STRATEGIES = "selection_strategies";
    private static final String STRATEGY = "selection_strategy";
    private static final String GROUPS = "priority_groups";
    private static final String GROUP = "priority_group";
    private static final String OPTIONS = "account_options";
    private static final String OPTION = "account_option";
    private static final String SCORE = "score";

    private final Desk desk;
    private final PoolsApi pools;

    ChoiceApi(Desk desk, PoolsApi pools) {
        this.desk = desk;
        this.pools = pools;
    }

    Reply serve(Ask ask, UUID pool, List<String> rest) {
        boolean one = rest.size() == 2;
        if (rest.size() > 2) {
            throw pools.nothing(pool.toString());
        }
        return switch (rest.getFirst()) {
            case STRATEGIES -> one ? strategy(ask, pool, rest.get(1)) : strategies(ask, pool);
            case GROUPS -> one ? group(ask, pool, pools.id(rest.get(1))) : groups(ask, pool);
            case OPTIONS -> one ? option(ask, pool, pools.id(rest.get(1))) : options(ask, pool);
            default -> throw Failure.notFound("a pool has no " + rest.getFirst());
        };
    }

    private Reply change(Ask ask, UUID pool, Optional<Body> body, Function<Pool, Pool> how, Answering answering) {
        return desk.in(tx -> {
            var before = pools.mine(tx, ask, pool, body);
            var changed = desk.configuration()
                    .pools()
                    .change(tx, before, before.name(), how.apply(before.value()), ask.who())
                    .orThrow();
            return answering.answer(tx, changed).tagged(changed.version());
        });
    }

    private interface Answering {
        Reply answer(Tx tx, Entry<Pool> pool);
    }

    private Reply read(Ask ask, UUID pool, Function<Entry<Pool>, Element> what) {
        return desk.in(tx -> {
            var found = pools.visible(tx, ask, pool);
            return Reply.ok(what.apply(found)).tagged(found.version());
        });
    }

    // strategies

    private Reply strategies(Ask ask, UUID pool) {
        return switch (ask.method()) {
            case Ask.GET -> read(ask, pool, found -> all(ask, found));
            case Ask.PUT -> {
                var body = ask.body(STRATEGIES);
                yield change(
                        ask,
                        pool,
                        Optional.of(body),
                        old -> old.choosing(ordered(body, old), old.groups(), old.weights()),
                        (_, changed) -> Reply.ok(all(ask, changed)));
            }
            default -> throw ask.wrongMethod("GET, PUT");
        };
    }

    /// Those that the body names, in its order; what it does not say of them stays, others are switched off.
    private static List<Strategy> ordered(Body body, Pool old) {
        return body.element().children().stream()
                .map(Body::new)
                .map(said -> said(said, known(old, said.text("name").orElse(""))))
                .toList();
    }

    private static Strategy known(Pool pool, String name) {
        return Strategies.all(pool).stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow(() -> Failure.notFound(
                        "there is no strategy " + name + "; there are " + String.join(", ", Strategies.NAMES)));
    }

    private static Strategy said(Body body, Strategy old) {
        var config = new HashMap<>(old.config());
        body.child("config").ifPresent(said -> {
            config.clear();
            for (var name : said.texts().keySet()) {
                said.text(name)
                        .filter(text -> !text.isBlank())
                        .flatMap(_ -> said.number(name))
                        .ifPresent(number -> config.put(name, number));
            }
        });
        return new Strategy(old.name(), body.flag("enabled").orElse(old.enabled()), config);
    }

    private Reply strategy(Ask ask, UUID pool, String name) {
        return switch (ask.method()) {
            case Ask.GET -> read(ask, pool, found -> shown(ask, found, known(found.value(), name)));
            case Ask.PUT -> {
                var body = ask.body(STRATEGY);
                yield change(
                        ask,
                        pool,
                        Optional.of(body),
                        old -> old.choosing(placed(body, old, known(old, name)), old.groups(), old.weights()),
                        (_, changed) -> Reply.ok(shown(ask, changed, known(changed.value(), name))));
            }
            default -> throw ask.wrongMethod("GET, PUT");
        };
    }

    /// All of them, with this one changed and at the position that the body names, from 1.
    private static List<Strategy> placed(Body body, Pool pool, Strategy old) {
        var all = new ArrayList<>(Strategies.all(pool));
        int at = all.indexOf(old);
        all.remove(at);
        int wanted = body.number("position").map(position -> position - 1).orElse(at);
        if (wanted < 0 || wanted > all.size()) {
            throw Failure.invalid("position", "Position must be from 1 to " + (all.size() + 1));
        }
        all.add(wanted, said(body, old));
        return all;
    }

    private Element all(Ask ask, Entry<Pool> pool) {
        return Element.many(
                STRATEGIES,
                Strategies.all(pool.value()).stream()
                        .map(one -> shown(ask, pool, one))
                        .toList());
    }

    private Element shown(Ask ask, Entry<Pool> pool, Strategy strategy) {
        var config = Element.of("config");
        new TreeMap<>(strategy.config()).forEach(config::with);
        return Element.of(STRATEGY)
                .attribute("href", ask.href("pools", pool.id().toString(), STRATEGIES, strategy.name()))
                .with("name", strategy.name())
                .with("enabled", strategy.enabled())
                .with("position", Strategies.all(pool.value()).indexOf(strategy) + 1)
                .with(config);
    }

    // groups

    private Reply groups(Ask ask, UUID pool) {
        return switch (ask.method()) {
            case Ask.GET ->
                read(
                        ask,
                        pool,
                        found -> Element.many(
                                GROUPS,
                                found.value().groups().stream()
                                        .map(group -> shown(ask, pool, group))
                                        .toList()));
            case Ask.POST -> {
                var body = ask.body(GROUP);
                var made = said(body, new PriorityGroup(desk.configuration().newId(), "", 0, Set.of(), Set.of()));
                yield change(ask, pool, Optional.of(body), old -> with(old, made), (tx, changed) -> {
                    check(tx, made);
                    var where =
                            ask.href("pools", pool.toString(), GROUPS, made.id().toString());
                    return Reply.created(shown(ask, pool, made), where);
                });
            }
            default -> throw ask.wrongMethod("GET, POST");
        };
    }

    private Reply group(Ask ask, UUID pool, UUID id) {
        return switch (ask.method()) {
            case Ask.GET -> read(ask, pool, found -> shown(ask, pool, group(found.value(), id)));
            case Ask.PUT -> {
                var body = ask.body(GROUP);
                yield change(
                        ask, pool, Optional.of(body), old -> with(old, said(body, group(old, id))), (tx, changed) -> {
                            check(tx, group(changed.value(), id));
                            return Reply.ok(shown(ask, pool, group(changed.value(), id)));
                        });
            }
            case Ask.DELETE ->
                change(
                        ask,
                        pool,
                        Optional.empty(),
                        old -> without(old, group(old, id).id()),
                        (_, _) -> Reply.nothing());
            default -> throw ask.wrongMethod("GET, PUT, DELETE");
        };
    }

    private static PriorityGroup group(Pool pool, UUID id) {
        return pool.groups().stream()
                .filter(group -> group.id().equals(id))
                .findFirst()
                .orElseThrow(() -> Failure.notFound("the pool has no priority group " + id));
    }

    private static PriorityGroup said(Body body, PriorityGroup old) {
        return new PriorityGroup(
                old.id(),
                body.text("name").orElse(old.name()),
                body.number(SCORE).orElse(old.score()),
                body.ids("providers").map(Set::copyOf).orElse(old.providers()),
                body.ids("provider_accounts").map(Set::copyOf).orElse(old.accounts()));
    }

    /// What a group names must be there.
    private void check(Tx tx, PriorityGroup group) {
        var all = desk.configuration();
        if (all.providers().all(tx, group.providers()).size()
                != group.providers().size()) {
            throw Failure.invalid("providers", "Providers name one that is not there");
        }
        if (all.accounts().all(tx, group.accounts()).size() != group.accounts().size()) {
            throw Failure.invalid("provider_accounts", "Provider accounts name one that is not there");
        }
    }

    private static Pool without(Pool pool, UUID id) {
        var groups =
                pool.groups().stream().filter(group -> !group.id().equals(id)).toList();
        return pool.choosing(pool.strategies(), groups, pool.weights());
    }

    private static Pool with(Pool pool, PriorityGroup group) {
        var groups = new ArrayList<>(without(pool, group.id()).groups());
        groups.add(group);
        return pool.choosing(pool.strategies(), groups, pool.weights());
    }

    private static Element shown(Ask ask, UUID pool, PriorityGroup group) {
        var id = group.id().toString();
        return Element.of(GROUP)
                .attribute("id", id)
                .attribute("href", ask.href("pools", pool.toString(), GROUPS, id))
                .with("name", group.name())
                .with(SCORE, group.score())
                .with(refs(ask, "providers", "provider", group.providers()))
                .with(refs(ask, "provider_accounts", "provider_account", group.accounts()));
    }

    static Element refs(Ask ask, String collection, String name, Set<UUID> ids) {
        return Element.many(
                collection,
                ids.stream().sorted().map(id -> ask.ref(name, collection, id)).toList());
    }

    // weights

    private Reply options(Ask ask, UUID pool) {
        ask.must(Ask.GET);
        return read(
                ask,
                pool,
                found -> Element.many(
                        OPTIONS,
                        new TreeMap<>(found.value().weights())
                                .entrySet().stream()
                                        .map(weight -> shown(ask, weight.getKey(), weight.getValue()))
                                        .toList()));
    }

    private Reply option(Ask ask, UUID pool, UUID account) {
        return switch (ask.method()) {
            case Ask.GET -> read(ask, pool, found -> shown(ask, account, weight(found.value(), account)));
            case Ask.PUT -> {
                var body = ask.body(OPTION);
                int score = body.number(SCORE).orElseThrow(() -> Failure.invalid(SCORE, "Score can't be blank"));
                yield change(
                        ask, pool, Optional.of(body), old -> weighing(old, account, Optional.of(score)), (tx, _) -> {
                            desk.configuration().accounts().get(tx, account).orThrow();
                            return Reply.ok(shown(ask, account, score));
                        });
            }
            case Ask.DELETE ->
                change(
                        ask,
                        pool,
                        Optional.empty(),
                        old -> {
                            weight(old, account);
                            return weighing(old, account, Optional.empty());
                        },
                        (_, _) -> Reply.nothing());
            default -> throw ask.wrongMethod("GET, PUT, DELETE");
        };
    }

    private static int weight(Pool pool, UUID account) {
        if (!pool.weights().containsKey(account)) {
            throw Failure.notFound("the pool has no weight for the account " + account);
        }
        return requireNonNull(pool.weights().get(account));
    }

    private static Pool weighing(Pool pool, UUID account, Optional<Integer> score) {
        Map<UUID, Integer> weights = new HashMap<>(pool.weights());
        weights.remove(account);
        score.ifPresent(number -> weights.put(account, number));
        return pool.choosing(pool.strategies(), pool.groups(), weights);
    }

    private static Element shown(Ask ask, UUID account, int score) {
        return Element.of(OPTION)
                .with(ask.ref("provider_account", "provider_accounts", account))
                .with(SCORE, score);
    }
}
