package holdfast.api.config;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// An answer before it has a form.
record Reply(int status, Optional<Element> body, Map<String, String> headers) {
    static Reply ok(Element body) {
        return new Reply(200, Optional.of(body), Map.of());
    }

    static Reply created(Element body, String where) {
        return new Reply(201, Optional.of(body), Map.of("Location", where));
    }

    static Reply nothing() {
        return new Reply(204, Optional.empty(), Map.of());
    }

    Reply with(String header, String content) {
        var more = new TreeMap<>(headers);
        more.put(header, content);
        return new Reply(status, body, more);
    }

    /// With how many there are of what is listed.
    Reply total(int number) {
        return with("X-Total-Count", String.valueOf(number));
    }

    /// With the version of what is shown.
    Reply tagged(long version) {
        return with("ETag", "\"" + version + "\"");
    }
}
