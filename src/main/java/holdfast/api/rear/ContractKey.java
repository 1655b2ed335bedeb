package holdfast.api.rear;

import holdfast.broker.market.Market;
import holdfast.engine.Resource;
import holdfast.platform.Tx;
import java.util.regex.Pattern;

/// Lets in who shows the secret of a contract, however callers prove who they are elsewhere.
final class ContractKey {
    private static final Pattern BEARER = Pattern.compile("(?i)bearer +([A-Za-z0-9._~+/=-]{1,500}) *");

    private final Market market;
    private final WaysIn ways;

    ContractKey(Market market, WaysIn ways) {
        this.market = market;
        this.ways = ways;
    }

    /// The contract that is asked about, in whatever state.
    ///
    /// @throws RearProblem if its secret is not shown
    Resource opened(Tx tx, Asked asked) {
        var token = asked.call()
                .header("authorization")
                .map(BEARER::matcher)
                .filter(found -> found.matches())
                .map(found -> found.group(1));
        var found = market.contracts().find(tx, asked.name());
        boolean fits = ways.opens(found, token.orElse(""));
        if (token.isEmpty()) {
            throw RearProblem.of(401, "the secret of the contract is missing: send it as Authorization: Bearer")
                    .with("www-authenticate", "Bearer");
        }
        if (!fits) {
            throw RearProblem.of(403, "that is not the secret of a contract " + asked.name());
        }
        return found.orElseThrow();
    }
}
