package holdfast.pools.clouds.choice;

import holdfast.core.Property;
import holdfast.core.Property.Any;
import holdfast.core.Property.Fixed;
import holdfast.core.Property.OneOf;
import holdfast.core.Property.Range;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/// One measure that is asked for against the same measure as it is offered (aeolus.md 6.1, 6.2, 6.4). All is exact and
/// numeric.
public final class Amounts {
    private Amounts() {}

    /// The most that there is of it, by which profiles are ordered; 0 if nothing is said.
    public static BigDecimal sortValue(Property property) {
        return most(property).orElse(BigDecimal.ZERO);
    }

    /// The least that will do, or that is offered; empty if nothing is said.
    static Optional<BigDecimal> least(Property property) {
        return switch (property) {
            case Any() -> Optional.empty();
            case Fixed(var value) -> Optional.of(value);
            case Range(var _, var first, var _) -> Optional.of(first);
            case OneOf(var _, var entries) -> Optional.of(entries.getFirst());
        };
    }

    private static Optional<BigDecimal> most(Property property) {
        return switch (property) {
            case Any() -> Optional.empty();
            case Fixed(var value) -> Optional.of(value);
            case Range(var _, var _, var last) -> Optional.of(last);
            case OneOf(var _, var entries) -> Optional.of(entries.getLast());
        };
    }

    private static Optional<BigDecimal> usual(Property property) {
        return switch (property) {
            case Any() -> Optional.empty();
            case Fixed(var value) -> Optional.of(value);
            case Range(var usual, var _, var _) -> usual;
            case OneOf(var usual, var _) -> usual;
        };
    }

    /// Whether what is offered can be as much as the least that is wanted. What says nothing satisfies only who
    /// does not care.
    public static boolean satisfies(Property wanted, Property offered) {
        return least(wanted)
                .map(want ->
                        most(offered).filter(have -> have.compareTo(want) >= 0).isPresent())
                .orElse(true);
    }

    /// How much of it an instance gets: what is wanted, else what is usual there, brought into what is offered.
    ///
    /// @param wanted which `offered` satisfies
    /// @return empty if nothing is known: the provider decides
    public static Optional<BigDecimal> size(Property wanted, Property offered) {
        var value = usual(wanted)
                .or(() -> usual(offered).map(usual -> within(usual, wanted)))
                .or(() -> least(wanted));
        return switch (offered) {
            case Any() -> Optional.empty();
            case Fixed(var only) -> Optional.of(only);
            case Range _ -> value.map(asked -> within(asked, offered));
            case OneOf(var _, var entries) -> value.map(asked -> next(asked, entries));
        };
    }

    /// Whether that is not above what is wanted at most; always so if no upper end was given.
    static boolean isWithin(Property wanted, Property offered) {
        return switch (wanted) {
            case Any(), Fixed _ -> true;
            case Range _, OneOf _ ->
                size(wanted, offered)
                        .filter(size -> size.compareTo(sortValue(wanted)) > 0)
                        .isEmpty();
        };
    }

    /// Whether whoever creates an instance may say how much, so that the size is sent along.
    public static boolean isOpen(Property offered) {
        return switch (offered) {
            case Any(), Fixed _ -> false;
            case Range _, OneOf _ -> true;
        };
    }

    private static BigDecimal within(BigDecimal value, Property bounds) {
        var raised = least(bounds).map(value::max).orElse(value);
        return most(bounds).map(raised::min).orElse(raised);
    }

    private static BigDecimal next(BigDecimal value, List<BigDecimal> entries) {
        return entries.stream()
                .filter(entry -> entry.compareTo(value) >= 0)
                .findFirst()
                .orElse(entries.getLast());
    }

    /// As it is sent: plain digits, nothing behind the point that says nothing.
    public static String text(BigDecimal value) {
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }
}
