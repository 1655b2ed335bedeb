package holdfast.broker;

import holdfast.core.CloudSupply;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// The broker's record of what it may promise of a provider (promise.md 2.4).
///
/// States: `active`, `removed`.
///
/// @param name the provider's
/// @param place of the account in the broker's book
/// @param sequence of the last update
/// @param enforced whether others are kept off what is held there
/// @param peer whether it is another Holdfast
/// @param supply what it has, the hosts apart: those are units
/// @param strangers servers there that nobody asked for here and that are counted as lent
public record Pool(
        UUID provider,
        String name,
        String place,
        long sequence,
        boolean enforced,
        boolean peer,
        int cleaningSeconds,
        Optional<CloudSupply> supply,
        Set<String> strangers) {
    Pool with(Set<String> others) {
        return new Pool(provider, name, place, sequence, enforced, peer, cleaningSeconds, supply, others);
    }
}
