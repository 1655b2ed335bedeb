package holdfast.protocol.rear;

import java.util.Optional;

/// Of what somebody wants to be told (fluidos.md 5.9, A23): of one name, of what a selector finds, or of everything.
///
/// @param flavor its name; then there is no selector
public record MarketScope(Optional<String> flavor, Optional<Selector> selector) {
    public static final MarketScope ALL = new MarketScope(Optional.empty(), Optional.empty());

    /// Contracts are a matter of those who want to be told of everything.
    public boolean covers(MarketEvent event) {
        return switch (event) {
            case MarketEvent.Refreshed(var now, var before, var _) ->
                covers(now) || before.filter(this::covers).isPresent();
            case MarketEvent.Withdrawn(var last, var _, var _, var _) -> covers(last);
            case MarketEvent.Contracted _ -> equals(ALL);
        };
    }

    private boolean covers(Flavor one) {
        return flavor.map(one.id()::equals)
                .orElseGet(() -> selector.map(some -> some.matches(one)).orElse(true));
    }
}
