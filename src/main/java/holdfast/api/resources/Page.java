package holdfast.api.resources;

import static java.nio.charset.StandardCharsets.UTF_8;

import holdfast.platform.HttpReply;
import holdfast.platform.Json;
import java.net.URLEncoder;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/// A part of a long list. The next part begins after the last one's moment of creation and id, so that what is added or
/// removed between two calls makes nothing come twice or be left out.
///
/// @param after where it begins; empty = at the beginning
record Page(int limit, Optional<Mark> after) {
    /// The place of one row in a list.
    record Mark(Instant created, UUID id) {
        String text() {
            var micros = ChronoUnit.MICROS.between(Instant.EPOCH, created);
            return Base64.getUrlEncoder().withoutPadding().encodeToString((micros + "." + id).getBytes(UTF_8));
        }

        static Optional<Mark> of(String text) {
            try {
                var parts = new String(Base64.getUrlDecoder().decode(text), UTF_8).split("\\.", 2);
                if (parts.length != 2) {
                    return Optional.empty();
                }
                long micros = Long.parseLong(parts[0]);
                return micros < 0
                        ? Optional.empty()
                        : Optional.of(
                                new Mark(Instant.EPOCH.plus(micros, ChronoUnit.MICROS), UUID.fromString(parts[1])));
            } catch (IllegalArgumentException | DateTimeException | ArithmeticException _) {
                return Optional.empty();
            }
        }
    }

    static Page of(Ask ask) {
        return new Page(
                ask.limit(),
                ask.one("marker")
                        .map(
                                text -> Mark.of(text)
                                        .orElseThrow(
                                                () -> Ask.malformed(
                                                        "marker",
                                                        "marker is '" + text
                                                                + "', which is none of ours; take it from the link 'next' of an earlier answer, or leave it out"))));
    }

    /// A collection of up to `limit` of `rows`; one more than that shows that there is a next page.
    <T> HttpReply.Content collection(
            Ask ask, String type, List<T> rows, Function<T, ObjectNode> shape, Function<T, Mark> mark) {
        boolean more = rows.size() > limit;
        var shown = more ? rows.subList(0, limit) : rows;
        var next = more ? Optional.of(mark.apply(shown.getLast()).text()) : Optional.<String>empty();
        return collection(
                ask, type, shown.stream().map(shape).toList(), limit, next.map(text -> with(ask, "marker", text)));
    }

    static HttpReply.Content collection(Ask ask, String type, List<ObjectNode> data, int limit, Optional<String> next) {
        var body = Json.object().put("type", "collection").put("resourceType", type);
        body.putObject("links").put("self", ask.base() + ask.http().target());
        body.putArray("data").addAll(data);
        var pagination = body.putObject("pagination").put("limit", limit);
        next.ifPresentOrElse(url -> pagination.put("next", url), () -> pagination.putNull("next"));
        return HttpReply.json(200, body);
    }

    /// The address of the request with one query parameter replaced.
    static String with(Ask ask, String parameter, String value) {
        var url = new StringBuilder(ask.base())
                .append("/")
                .append(String.join(
                        "/", ask.http().path().stream().map(Page::encode).toList()));
        char separator = '?';
        for (var given : ask.http().query().entrySet()) {
            if (!given.getKey().equals(parameter)) {
                for (var each : given.getValue()) {
                    url.append(separator)
                            .append(encode(given.getKey()))
                            .append('=')
                            .append(encode(each));
                    separator = '&';
                }
            }
        }
        return url.append(separator)
                .append(parameter)
                .append('=')
                .append(encode(value))
                .toString();
    }

    static String encode(String text) {
        return URLEncoder.encode(text, UTF_8).replace("+", "%20");
    }
}
