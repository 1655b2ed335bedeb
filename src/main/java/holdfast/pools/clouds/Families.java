package holdfast.pools.clouds;

import static holdfast.db.Tables.RESOURCE;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Resources;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.pools.clouds.Stored.Family;
import holdfast.pools.clouds.Usage.Kind;
import holdfast.pools.clouds.Usage.Owner;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.impl.DSL;

/// Pool families (aeolus.md 2.1). One of them is the standard one, into which new accounts are put.
public final class Families extends Entries<Family> {
    private final Configuration all;

    Families(Platform platform, Engine engine, Configuration all) {
        super(platform, engine, "poolFamily", "pool family", Family.class);
        this.all = all;
    }

    @Override
    protected Optional<Refusal> fault(
            Tx tx, Optional<UUID> parent, String name, Family value, Optional<Entry<Family>> before) {
        return name(name)
                .or(() -> another(tx, before, Resources.named(name)) ? Optional.of(taken("name")) : Optional.empty())
                .or(() -> Addresses.mapper(value.mapper()))
                .or(() -> all.accounts().missing(tx, "provider_accounts", value.accounts()));
    }

    /// Makes another one the standard one.
    public Entry<Family> prefer(Tx tx, Entry<Family> locked, String who) {
        if (locked.value().standard()) {
            return locked;
        }
        standard(tx).ifPresent(old -> write(tx, old, old.value().standard(false), who));
        return write(tx, locked, locked.value().standard(true), who);
    }

    private Optional<Entry<Family>> standard(Tx tx) {
        return list(tx, DSL.condition("{0} ->> 'standard' = 'true'", RESOURCE.DATA)).stream()
                .findFirst()
                .flatMap(found -> Optional.of(lock(tx, found.id()).orThrow()));
    }

    /// Lets the pools of a family use an account, or use it no more.
    ///
    /// @return the family; NOT_THERE if there is no such family or account
    public Answer<Entry<Family>> link(Tx tx, UUID family, UUID account, boolean linked, String who) {
        return all.accounts().lock(tx, account).flatMap(_ -> lock(tx, family)).map(found -> {
            var accounts = new HashSet<>(found.value().accounts());
            boolean changed = linked ? accounts.add(account) : accounts.remove(account);
            return changed ? write(tx, found, found.value().using(accounts), who) : found;
        });
    }

    /// A new account is put into the standard family.
    void join(Tx tx, UUID account, String who) {
        standard(tx).ifPresent(family -> link(tx, family.id(), account, true, who));
    }

    /// An account that is gone is used by none any more.
    void leave(Tx tx, UUID account, String who) {
        list(tx, using(account)).forEach(family -> link(tx, family.id(), account, false, who));
    }

    /// Selects those that use an account.
    public static Condition using(UUID account) {
        return DSL.condition(
                "{0} @> {1}", RESOURCE.DATA, DSL.val(Json.jsonb(Map.of("accounts", List.of(account.toString())))));
    }

    @Override
    protected Answer<Entry<Family>> removing(Tx tx, Entry<Family> family, String who) {
        if (family.value().standard()) {
            return Answer.no(
                    Refusal.clash(family.name() + " is the default pool family; make another one the default first"));
        }
        var owner = new Owner(Kind.FAMILY, family.id());
        var keeping = new ArrayList<>(all.usage().keeping(tx, owner));
        keeping.addAll(all.usage().images(tx, owner));
        if (!keeping.isEmpty()) {
            return Answer.no(Configuration.kept(family.name(), keeping));
        }
        for (var pool : all.pools().of(tx, family.id())) {
            var removed =
                    all.pools().lock(tx, pool.id()).flatMap(found -> all.pools().remove(tx, found, who));
            if (removed instanceof Answer.No<Entry<Stored.Pool>>(var why)) {
                return Answer.no(why);
            }
        }
        return Answer.yes(family);
    }
}
