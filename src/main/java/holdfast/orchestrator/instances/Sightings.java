package holdfast.orchestrator.instances;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What the authority of clouds tells of an instance, read.
final class Sightings {
    private static final String PART = "server.";
    private static final Pattern HERE =
            Pattern.compile("10[.].*|192[.]168[.].*|172[.](1[6-9]|2[0-9]|3[01])[.].*|127[.].*|169[.]254[.].*");

    private Sightings() {}

    static Instance.Sight of(Map<String, String> facts) {
        var all = Stream.of(facts.getOrDefault(PART + "addresses", "").split(" "))
                .filter(address -> !address.isBlank())
                .toList();
        return new Instance.Sight(Optional.ofNullable(facts.get(PART + "id")), here(all, false), here(all, true));
    }

    private static List<String> here(List<String> all, boolean inside) {
        return all.stream()
                .filter(address -> HERE.matcher(address).matches() == inside)
                .toList();
    }

    /// The provider's word for its state; empty text if it did not say.
    static String state(Map<String, String> facts) {
        return facts.getOrDefault(PART + "status", "").toUpperCase(Locale.ROOT);
    }
}
