package holdfast.api.rear;

import static java.nio.charset.StandardCharsets.UTF_8;

import holdfast.federation.wire.QueryText;
import holdfast.federation.wire.Reply;
import java.math.BigDecimal;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// Which part of a list somebody asks for (fluidos.md 5.1): all of it unless `limit` is said.
///
/// @param limit 1 to 1,000
/// @param after what the part before ended with
record Paging(Optional<Integer> limit, Optional<Place> after) {
    static final int MOST = 1_000;
    static final String LIMIT = "limit";
    static final String CURSOR = "cursor";

    /// Where something stands in a list: the cheapest first, then by name. It may be gone when it is asked what
    /// comes after it.
    record Place(BigDecimal hourly, String id) implements Comparable<Place> {
        private static final Comparator<Place> ORDER =
                Comparator.comparing(Place::hourly).thenComparing(Place::id);

        @Override
        public int compareTo(Place other) {
            return ORDER.compare(this, other);
        }

        private String cursor() {
            return Base64.getUrlEncoder().withoutPadding().encodeToString((hourly + " " + id).getBytes(UTF_8));
        }

        private static Optional<Place> of(String cursor) {
            try {
                var parts = new String(Base64.getUrlDecoder().decode(cursor), UTF_8).split(" ", 2);
                return parts.length < 2 ? Optional.empty() : Optional.of(new Place(new BigDecimal(parts[0]), parts[1]));
            } catch (IllegalArgumentException _) { // also of what is no number
                return Optional.empty();
            }
        }
    }

    /// @throws RearProblem if it is asked for a part that is none
    static Paging of(Asked asked) {
        return new Paging(
                limit(asked),
                asked.parameter(CURSOR)
                        .map(cursor -> Place.of(cursor)
                                .orElseThrow(() -> RearProblem.malformed(
                                        CURSOR, "cursor is none that was told here: list from the beginning"))));
    }

    /// @throws RearProblem if it is no number from 1 to 1,000
    static Optional<Integer> limit(Asked asked) {
        return asked.parameter(LIMIT).map(said -> {
            int number = said.matches("[1-9]\\d{0,3}") ? Integer.parseInt(said) : 0;
            if (number < 1 || number > MOST) {
                throw RearProblem.malformed(LIMIT, "limit is no number from 1 to " + MOST);
            }
            return number;
        });
    }

    /// That part of a list.
    ///
    /// @param places of all, in order
    /// @return from where to where, the latter not within
    int[] part(List<Place> places) {
        int from = after.map(place -> (int)
                        places.stream().filter(one -> one.compareTo(place) <= 0).count())
                .orElse(0);
        return new int[] {from, Math.min(places.size(), from + limit.orElse(places.size() - from))};
    }

    /// With the way to what comes after a part, if there is more.
    Reply linked(Reply reply, Asked asked, List<Place> places, int to) {
        if (to >= places.size()) {
            return reply;
        }
        var query = new LinkedHashMap<>(asked.call().query());
        query.put(CURSOR, List.of(places.get(to - 1).cursor()));
        var headers = new HashMap<>(reply.headers());
        headers.put(
                "link",
                "</" + String.join("/", asked.call().path()) + "?" + QueryText.write(query) + ">; rel=\"next\"");
        return new Reply(reply.status(), headers, reply.body());
    }
}
