package holdfast.api.config;

import holdfast.pools.clouds.Costs;
import holdfast.pools.clouds.Entry;
import holdfast.pools.clouds.Right.Action;
import holdfast.pools.clouds.Right.Target;
import holdfast.pools.clouds.Stored.Cost;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.impl.DSL;

/// `/broker/costs`: what back-end profiles cost, and have cost (aeolus.md 2.5). A new price ends the one before.
final class CostsApi implements Part {
    private static final String PROFILE = "hardware_profile";
    private static final String PROFILES = "hardware_profiles";
    private static final String KIND = "chargeable_type";
    private static final String PRICE = "price";
    private static final List<String> KINDS = List.of(PROFILE, "cpu", "memory", "storage");

    private final Desk desk;

    CostsApi(Desk desk) {
        this.desk = desk;
    }

    @Override
    public Reply serve(Ask ask, List<String> rest) {
        if (!rest.isEmpty()) {
            throw Failure.notFound("costs are listed by hardware_profile, not named");
        }
        return switch (ask.method()) {
            case Ask.GET -> list(ask);
            case Ask.POST -> set(ask, ask.body("cost"));
            default -> throw ask.wrongMethod("GET, POST");
        };
    }

    private Reply list(Ask ask) {
        ask.only(Set.of(PROFILE));
        Condition which = ask.parameter(PROFILE)
                .map(id -> {
                    var key = ProfilesApi.key(id);
                    Condition any = DSL.falseCondition();
                    for (int kind = 1; kind <= KINDS.size(); kind++) {
                        any = any.or(Costs.of(Costs.chargeable(kind, ProfilesApi.provider(id), key)));
                    }
                    return any;
                })
                .orElse(DSL.noCondition());
        var costs = desk.configuration().costs();
        return desk.in(tx -> {
            ask.need(tx, Action.VIEW, Target.PROVIDER, List.of());
            var page = costs.page(tx, which, ask.offset(), ask.limit());
            return Reply.ok(Element.many(
                            "costs", page.stream().map(cost -> show(ask, cost)).toList()))
                    .with("X-Total-Count", String.valueOf(costs.count(tx, which)));
        });
    }

    private Reply set(Ask ask, Body body) {
        var profile = body.ref(PROFILE).orElseThrow(() -> Failure.invalid(PROFILE, "Hardware profile can't be blank"));
        var word = body.text(KIND).orElse(PROFILE);
        int kind = KINDS.indexOf(word) + 1;
        if (kind == 0) {
            throw Failure.invalid(KIND, "Chargeable type is one of " + String.join(", ", KINDS));
        }
        var price = body.decimal(PRICE).orElseThrow(() -> Failure.invalid(PRICE, "Price can't be blank"));
        UUID provider = ProfilesApi.provider(profile);
        var key = ProfilesApi.key(profile);
        return desk.in(tx -> {
            ask.need(tx, Action.MODIFY, Target.PROVIDER, List.of(provider));
            boolean there = desk.configuration().providers().find(tx, provider).stream()
                    .flatMap(found -> found.value().profiles().stream())
                    .anyMatch(one -> one.id().equals(key));
            if (!there) {
                throw Failure.invalid(PROFILE, "Hardware profile names none that a provider has");
            }
            var set = desk.configuration()
                    .costs()
                    .set(
                            tx,
                            Costs.chargeable(kind, provider, key),
                            price,
                            body.text("billing_model").orElse("hour"),
                            body.time("valid_from"),
                            ask.who())
                    .orThrow();
            return Reply.created(show(ask, set), ask.href("costs") + "?hardware_profile=" + profile);
        });
    }

    private static Element show(Ask ask, Entry<Cost> cost) {
        var kept = cost.value();
        var parts = kept.chargeable().split(":", 3);
        var id = ProfilesApi.id(UUID.fromString(parts[1]), parts[2]);
        return Element.of("cost")
                .attribute("id", cost.id().toString())
                .with(KIND, KINDS.get(Integer.parseInt(parts[0]) - 1))
                .with(ask.ref(PROFILE, PROFILES, id))
                .with(PRICE, kept.price().toPlainString())
                .with("billing_model", kept.billing())
                .with("valid_from", kept.from().toString())
                .with("valid_to", kept.to().map(Object::toString));
    }
}
