package holdfast.protocol.rear;

import java.util.List;
import java.util.stream.Stream;

/// Where a flavor is, in the words of its owner (fluidos.md 2.5). Each is empty if not known.
public record Location(String latitude, String longitude, String country, String city, String notes) {
    public static final Location UNKNOWN = new Location("", "", "", "", "");

    /// What is known.
    public List<String> words() {
        return Stream.of(latitude, longitude, country, city, notes)
                .filter(word -> !word.isEmpty())
                .toList();
    }
}
