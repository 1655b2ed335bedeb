package holdfast.api.resources;

import static java.nio.charset.StandardCharsets.UTF_8;

import holdfast.platform.Json;
import java.util.Base64;
import java.util.Optional;
import tools.jackson.core.JacksonException;

/// A place in a sorted collection: the values of the row that it is after or before. So what is added or removed
/// between two calls makes nothing come twice or be left out.
///
/// @param sort name of the field of the order, and its direction
/// @param value of that field in the row, as text; empty for null, or if the order is by number
record Marker(String sort, boolean descending, boolean before, Optional<String> value, long number) {
    String text() {
        var parts = Json.object()
                .put("s", sort)
                .put("d", descending)
                .put("b", before)
                .put("n", number);
        value.ifPresent(text -> parts.put("v", text));
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Json.text(parts).getBytes(UTF_8));
    }

    /// The way back from where there is nothing more, the row of this marker included.
    Marker turned() {
        return new Marker(sort, descending, !before, value, descending == before ? number + 1 : number - 1);
    }

    /// @throws Problem if it is none of ours, or of another order
    static Optional<Marker> of(Ask ask, Sorting sorting) {
        return ask.one("marker").map(text -> {
            var marker = read(text).orElseThrow(() -> foreign(text));
            if (!marker.sort.equals(sorting.name()) || marker.descending != sorting.descending()) {
                throw Problem.malformed(
                        "marker", "marker belongs to another order; take it from the link 'next' of an earlier answer");
            }
            if (!sorting.fits(marker)) {
                throw foreign(text);
            }
            return marker;
        });
    }

    private static Problem foreign(String text) {
        return Problem.malformed(
                "marker",
                "marker is '" + Form.shorten(text)
                        + "', which is none of ours; take it from the link 'next' of an earlier answer, or leave it out");
    }

    private static Optional<Marker> read(String text) {
        try {
            var parts = Json.tree(new String(Base64.getUrlDecoder().decode(text), UTF_8));
            boolean ours = parts.isObject()
                    && parts.path("s").isString()
                    && parts.path("d").isBoolean()
                    && parts.path("b").isBoolean()
                    && parts.path("n").canConvertToLong()
                    && parts.path("n").isIntegralNumber()
                    && (!parts.has("v") || parts.path("v").isString())
                    && parts.path("v").asString("").indexOf('\0') < 0;
            return ours
                    ? Optional.of(new Marker(
                            parts.path("s").stringValue(),
                            parts.path("d").booleanValue(),
                            parts.path("b").booleanValue(),
                            Optional.ofNullable(parts.get("v")).map(value -> value.stringValue()),
                            parts.path("n").longValue()))
                    : Optional.empty();
        } catch (IllegalArgumentException | JacksonException _) {
            return Optional.empty();
        }
    }
}
