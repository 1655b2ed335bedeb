package holdfast.broker.choice;

/// The most over which one item may be spread (promise.md 4.7): a pool covers it as a whole, unless the user allows
/// more. A *site* is one provider.
public enum Spread {
    HOST,
    RACK,
    ZONE,
    SITE,
    ANYWHERE
}
