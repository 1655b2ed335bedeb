package holdfast.drivers.openstack;

import java.util.List;
import java.util.Optional;

/// The services that are used, and the ages of them that can be.
enum Service {
    /// 2.53: hypervisors have ids that do not change; tags are given with the order since 2.52. 2.93: the newest
    /// that was tried.
    COMPUTE("compute", List.of("compute"), "", Optional.of(new Range(new Version(2, 53), new Version(2, 93)))),
    /// The same while it still makes pairs of keys itself.
    COMPUTE_WITH_KEYS(
            "compute", List.of("compute"), "", Optional.of(new Range(new Version(2, 53), new Version(2, 91)))),
    /// 1.29: providers inside of others.
    PLACEMENT("placement", List.of("placement"), "", Optional.of(new Range(new Version(1, 29), new Version(1, 39)))),
    /// 3.59: messages say why a volume failed.
    VOLUME(
            "volume",
            List.of("volumev3", "block-storage", "volume"),
            "",
            Optional.of(new Range(new Version(3, 59), new Version(3, 70)))),
    NETWORK("network", List.of("network"), "/v2.0", Optional.empty()),
    IMAGE("image", List.of("image"), "/v2", Optional.empty());

    /// As it is called in headers and in messages.
    final String word;
    /// Its names in catalogs, the best first.
    final List<String> types;
    /// What comes after the address in the catalog, unless it is there already.
    final String path;

    final Optional<Range> versions;

    Service(String word, List<String> types, String path, Optional<Range> versions) {
        this.word = word;
        this.types = types;
        this.path = path;
        this.versions = versions;
    }

    /// A version of an interface that counts every change.
    record Version(int major, int minor) implements Comparable<Version> {
        /// @throws NumberFormatException if it is not written as two numbers
        static Version read(String text) {
            int dot = text.indexOf('.');
            return new Version(
                    Integer.parseInt(text.substring(0, Math.max(dot, 0))), Integer.parseInt(text.substring(dot + 1)));
        }

        @Override
        public int compareTo(Version other) {
            return major != other.major ? Integer.compare(major, other.major) : Integer.compare(minor, other.minor);
        }

        @Override
        public String toString() {
            return major + "." + minor;
        }
    }

    record Range(Version oldest, Version newest) {
        /// The newest that both sides speak; empty if there is none.
        Optional<Version> common(Range theirs) {
            var best = newest.compareTo(theirs.newest) <= 0 ? newest : theirs.newest;
            boolean both = best.compareTo(oldest) >= 0 && best.compareTo(theirs.oldest) >= 0;
            return both ? Optional.of(best) : Optional.empty();
        }
    }
}
