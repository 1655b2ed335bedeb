package holdfast.broker.market;

import static java.util.stream.Collectors.toMap;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The claims of a root, found by their transactions, and their sums. Never changes.
final class Claims extends AbstractList<Claim> {
    private final List<Claim> all;
    private final Map<UUID, Claim> byTransaction;

    /// Added up when it is asked for first; two who do it at once find the same.
    private volatile @Nullable Taken taken;

    private Claims(List<Claim> all, Map<UUID, Claim> byTransaction, @Nullable Taken taken) {
        this.all = all;
        this.byTransaction = byTransaction;
        this.taken = taken;
    }

    static Claims of(List<Claim> claims) {
        return claims instanceof Claims known
                ? known
                : new Claims(
                        List.copyOf(claims), claims.stream().collect(toMap(Claim::transaction, claim -> claim)), null);
    }

    @Override
    public Claim get(int index) {
        return all.get(index);
    }

    @Override
    public int size() {
        return all.size();
    }

    Optional<Claim> of(UUID transaction) {
        return Optional.ofNullable(byTransaction.get(transaction));
    }

    /// What they take together.
    Taken taken() {
        var known = taken;
        if (known == null) {
            known = Taken.of(all);
            taken = known;
        }
        return known;
    }

    /// With one more, in place of an earlier one of its transaction.
    Claims with(Claim claim) {
        var others = without(claim.transaction());
        var more = new ArrayList<>(others.all);
        more.add(claim);
        var names = new HashMap<>(others.byTransaction);
        names.put(claim.transaction(), claim);
        var sums = others.taken;
        return new Claims(more, names, sums == null ? null : sums.with(claim));
    }

    Claims without(UUID transaction) {
        return of(transaction)
                .map(gone -> {
                    var sums = taken;
                    var names = new HashMap<>(byTransaction);
                    names.remove(transaction);
                    return new Claims(
                            all.stream().filter(claim -> claim != gone).toList(),
                            names,
                            sums == null ? null : sums.without(gone));
                })
                .orElse(this);
    }

    /// Those that are not so.
    Claims butFor(Predicate<Claim> so) {
        return all.stream().noneMatch(so)
                ? this
                : of(all.stream().filter(so.negate()).toList());
    }
}
