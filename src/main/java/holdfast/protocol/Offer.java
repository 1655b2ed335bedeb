package holdfast.protocol;

import holdfast.core.CloudSupply;

/// What the authority of clouds lets the broker promise of a provider.
///
/// @param name the provider's, for people
/// @param cleaningSeconds to leave between two users of a host
/// @param enforced whether others are kept off what is held; else it is only accounted for (promise.md 4.8)
/// @param peer whether it is another Holdfast: what is held there are amounts, for a moment first (promise.md 6.5)
/// @param supply what it has, cut down to the zones that are used
public record Offer(String name, int cleaningSeconds, boolean enforced, boolean peer, CloudSupply supply) {
    /// Of a cloud.
    public Offer(String name, int cleaningSeconds, boolean enforced, CloudSupply supply) {
        this(name, cleaningSeconds, enforced, false, supply);
    }
}
