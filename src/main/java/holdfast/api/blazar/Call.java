package holdfast.api.blazar;

import holdfast.core.Caller;
import holdfast.platform.HttpRequest;
import holdfast.platform.HttpRequest.Body;
import holdfast.platform.Json;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;

/// A request whose route and sender are known.
///
/// @param named the part of the path that the route does not name, such as the id of a lease
record Call(HttpRequest http, Caller caller, String named) {
    private static final int LARGEST = 262_144;
    private static final int DEEPEST = 16;
    private static final String JSON = "application/json";

    /// @throws BlazarProblem 400 if the body is no JSON object, also if it does not say that it is
    Fields body() {
        if (!http.mediaType().equals(JSON)) {
            throw BlazarProblem.malformed("Content-Type must be " + JSON);
        }
        try {
            var tree = Json.tree(text());
            Json.unfit(tree, DEEPEST).ifPresent(why -> {
                throw BlazarProblem.malformed("the body " + why);
            });
            return Fields.of(tree, "the body");
        } catch (JacksonException e) {
            throw BlazarProblem.malformed("the body is not JSON: " + e.getOriginalMessage());
        }
    }

    private String text() {
        return switch (http.body(LARGEST)) {
            case Body.Whole whole ->
                whole.utf8().orElseThrow(() -> BlazarProblem.malformed("the body is not in UTF-8"));
            case Body.TooLarge _ -> throw BlazarProblem.tooLarge("the body is larger than " + LARGEST + " bytes");
            case Body.TooSlow _ -> throw BlazarProblem.malformed("the body did not arrive in time");
            case Body.Crowded _ -> throw BlazarProblem.unavailable("too many large requests at the same time");
        };
    }

    Optional<String> query(String name) {
        return http.query().getOrDefault(name, List.of()).stream().findFirst();
    }

    /// As clients in Python write it.
    boolean flag(String name) {
        return query(name).filter("true"::equalsIgnoreCase).isPresent();
    }
}
