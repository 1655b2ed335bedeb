package holdfast.api.resources;

import holdfast.core.Caller;
import holdfast.engine.types.ResourceType;
import holdfast.platform.HttpRequest;
import holdfast.platform.HttpRequest.Body;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// A request whose route and sender are known. What does not have the shape that it must have is thrown as a refusal.
///
/// @param method what it asks to do: its method, or what `_method` says instead
/// @param named the parts of the path that the route names, such as `id`
/// @param kinds the types of resources as they are now
/// @param now when it came
/// @param still whether the caller may still act so, for answers that go on and on
record Ask(
        Caller caller,
        HttpRequest http,
        String method,
        Map<String, String> named,
        Kinds kinds,
        Instant now,
        BooleanSupplier still)
        implements Viewer {
    private static final int DEFAULT_LIMIT = 100;
    private static final int LARGEST_LIMIT = 3_000;
    private static final int EARLIEST_YEAR = 1970;
    private static final int LATEST_YEAR = 9999;

    String id() {
        return named.getOrDefault("id", "");
    }

    /// The type that the path names.
    ResourceType type() {
        return kinds.named(named.getOrDefault("type", ""))
                .orElseThrow(() -> Problem.notThere("there is nothing at " + http.target()));
    }

    /// The path that is asked for.
    String where() {
        return String.join("/", http.path());
    }

    /// Refuses what the caller may not do with a type.
    ///
    /// @param letter of the right, see [ResourceType.Rights]
    /// @param single whether the path names a single resource
    /// @throws Problem 405, or 404 if the type does not exist for the caller
    void need(ResourceType type, char letter, boolean single) {
        if (Methods.of(caller, type, true).isEmpty()) {
            throw Problem.notThere("there is nothing at " + Form.shorten(http.target()));
        }
        if (!Methods.may(caller, type, letter)) {
            throw Methods.wrong(this, type, single);
        }
    }

    /// The body, read to its end.
    ///
    /// @param most bytes
    byte[] body(int most) {
        return switch (http.body(most)) {
            case Body.TooLarge _ -> throw Problem.tooLarge(most);
            case Body.TooSlow _ -> throw Problem.tooSlow();
            case Body.Crowded _ ->
                throw Problem.unavailable("too many large requests at the same time; try again in some seconds");
            case Body.Whole(var bytes) -> bytes;
        };
    }

    @Override
    public String base() {
        return http.base();
    }

    /// Every value of a query parameter.
    List<String> all(String parameter) {
        return http.query().getOrDefault(parameter, List.of());
    }

    /// A query parameter that may be given once.
    Optional<String> one(String parameter) {
        var values = all(parameter);
        if (values.size() > 1) {
            throw Problem.malformed(parameter, parameter + " is given " + values.size() + " times; give it once");
        }
        return values.stream().findFirst();
    }

    /// `true`, `false`, or only its name, which is true.
    boolean flag(String parameter) {
        return one(parameter)
                .map(value -> switch (value.toLowerCase(Locale.ROOT)) {
                    case "", "true" -> true;
                    case "false" -> false;
                    default ->
                        throw Problem.malformed(parameter, parameter + " is '" + value + "'; it must be true or false");
                })
                .orElse(false);
    }

    /// Which action is asked for, of those that there are.
    ///
    /// @param what in words, such as `a contract`
    /// @throws Problem 422 naming them, if it is another one
    String action(String what, String... known) {
        var action = one("action").orElse("");
        if (!List.of(known).contains(action)) {
            throw Problem.invalid(
                    "InvalidAction",
                    "action",
                    "action is '" + Form.shorten(action) + "'; " + what
                            + (known.length == 1 ? " has the action " : " has the actions ")
                            + String.join(", ", known));
        }
        return action;
    }

    /// How many to answer at most.
    int limit() {
        return Math.toIntExact(whole("limit", 1, LARGEST_LIMIT).orElse((long) DEFAULT_LIMIT));
    }

    /// A whole number within bounds.
    Optional<Long> whole(String parameter, long least, long most) {
        return one(parameter).map(value -> {
            try {
                long number = Long.parseLong(value);
                if (number >= least && number <= most) {
                    return number;
                }
            } catch (NumberFormatException _) {
                // told below
            }
            throw Problem.malformed(
                    parameter,
                    parameter + " is '" + value + "'; it must be a whole number from " + least + " to " + most);
        });
    }

    /// A time as ISO 8601 with a zone.
    Optional<Instant> time(String parameter) {
        return one(parameter).map(value -> time(parameter, value));
    }

    static Instant time(String field, String value) {
        try {
            var time = OffsetDateTime.parse(value);
            if (time.getYear() >= EARLIEST_YEAR && time.getYear() <= LATEST_YEAR) {
                return time.toInstant().truncatedTo(ChronoUnit.MICROS);
            }
        } catch (DateTimeException _) {
            // told below
        }
        throw Problem.malformed(
                field,
                field + " is '" + value + "'; it must be a time with a zone, from " + EARLIEST_YEAR + " to "
                        + LATEST_YEAR + ", such as 2030-01-07T08:00:00Z");
    }
}
