package holdfast.protocol;

import holdfast.core.CloudSupply;

/// What the authority of clouds lets the broker promise of a provider.
///
/// @param name the provider's, for people
/// @param cleaningSeconds to leave between two users of a host
/// @param enforced whether others are kept off what is held; else it is only accounted for (promise.md 4.8)
/// @param supply what it has, cut down to the zones that are used
public record Offer(String name, int cleaningSeconds, boolean enforced, CloudSupply supply) {}
