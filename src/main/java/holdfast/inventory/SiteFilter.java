package holdfast.inventory;

import java.util.Set;

/// Which sites a question is about.
///
/// @param includes only these; empty = all
/// @param excludes none of these
public record SiteFilter(Set<String> includes, Set<String> excludes) {
    public static final SiteFilter ALL = new SiteFilter(Set.of(), Set.of());

    public SiteFilter {
        includes = Set.copyOf(includes);
        excludes = Set.copyOf(excludes);
    }

    /// Whether the site is among them. A link or facility is, if the sites of all its ends are.
    public boolean shows(String site) {
        return (includes.isEmpty() || includes.contains(site)) && !excludes.contains(site);
    }
}
