package holdfast.broker.market;

import holdfast.core.Refusal;
import holdfast.engine.Resource;

/// What a seller answers to somebody who wants to buy what he holds (fluidos.md 5.6).
public sealed interface Bought {
    /// @param contract of type `contract`
    record New(Resource contract) implements Bought {}

    /// It was bought before: told again.
    record Same(Resource contract) implements Bought {}

    /// It was held, and is not any longer.
    record Expired(Refusal why) implements Bought {}

    /// Its buyer gave it up before.
    record GivenUp(Refusal why) implements Bought {}

    /// Nobody knows such a transaction of this buyer.
    record Unknown(Refusal why) implements Bought {}
}
