package holdfast.federation.domain;

import java.util.List;

/// Who may see through the supernode what whom offers (fluidos.md 4.2 step 11). What no rule speaks of may be seen.
///
/// @param rules the first that fits decides
public record DomainPolicy(List<Rule> rules) {
    public static final DomainPolicy OPEN = new DomainPolicy(List.of());

    /// Everybody who is not of the domain.
    public static final String OUTSIDE = "outside";

    private static final String ANYBODY = "*";

    public DomainPolicy {
        rules = List.copyOf(rules);
    }

    /// @param viewer id of a node of the domain, `outside`, or `*` for all of them
    /// @param provider id of a node of the domain, or `*`
    /// @param allow whether the one may see what the other offers
    public record Rule(String viewer, String provider, boolean allow) {
        boolean fits(String who, String whose) {
            return (viewer.equals(ANYBODY) || viewer.equals(who))
                    && (provider.equals(ANYBODY) || provider.equals(whose));
        }
    }

    /// Whether `viewer` may see what `provider` offers.
    public boolean allows(String viewer, String provider) {
        return rules.stream()
                .filter(rule -> rule.fits(viewer, provider))
                .findFirst()
                .map(Rule::allow)
                .orElse(true);
    }
}
