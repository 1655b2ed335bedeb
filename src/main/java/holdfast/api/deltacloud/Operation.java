package holdfast.api.deltacloud;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// What can be asked of a collection.
///
/// @param name such as `create`; what `OPTIONS` asks for
/// @param path below the collection; `*` stands for any one segment
/// @param streams whether its body is for the action to read: of `PUT` any, of `POST` one in parts
record Operation(String name, String method, List<String> path, List<Param> params, Action action, boolean streams) {
    private static final String ANY = "*";

    /// How it is answered.
    interface Action {
        /// @throws Problem if it is refused
        /// @throws holdfast.core.RefusedException if it is refused
        Told answer(Ask ask);
    }

    /// One field.
    ///
    /// @param type `string`, or `file` of which a page makes a file to choose
    /// @param words the only values; none = any
    record Param(String name, String type, boolean required, Set<String> words) {
        /// As `image_id*`, `*` for what is required; as `listener_protocol*=HTTP|TCP`.
        static Param of(String text) {
            var sides = text.split("=", 2);
            var words = sides.length == 1 ? Set.<String>of() : Set.of(sides[1].split("\\|"));
            boolean required = sides[0].endsWith(ANY);
            var name = required ? sides[0].substring(0, sides[0].length() - 1) : sides[0];
            return new Param(name, name.equals("blob_data") ? "file" : "string", required, words);
        }

        String described() {
            return name + ":string:" + (required ? "required" : "optional");
        }
    }

    /// @param path such as `GET */content`
    /// @param params as [Param#of] reads them, with blanks between
    static Operation of(String name, String path, String params, Action action) {
        var sides = path.split(" ", 2);
        return new Operation(
                name,
                sides[0],
                sides.length == 1 ? List.of() : List.of(sides[1].split("/")),
                params.isEmpty()
                        ? List.of()
                        : Arrays.stream(params.split(" ")).map(Param::of).toList(),
                action,
                false);
    }

    /// The same with a body that the action reads.
    Operation streaming() {
        return new Operation(name, method, path, params, action, true);
    }

    boolean isAt(List<String> segments) {
        if (segments.size() != path.size()) {
            return false;
        }
        for (int i = 0; i < path.size(); i++) {
            if (!path.get(i).equals(ANY) && !path.get(i).equals(segments.get(i))) {
                return false;
            }
        }
        return true;
    }

    boolean writes() {
        return !method.equals("GET") && !method.equals("HEAD");
    }

    /// @throws Problem if a required field is not there, or a value is none of the words
    void check(Map<String, String> fields) {
        for (var param : params) {
            var value = fields.getOrDefault(param.name, "");
            if (value.isBlank() && param.required) {
                throw Problem.malformed("Required parameter '" + param.name + "' not found in ["
                        + Problem.shorten(fields.keySet().stream().sorted().collect(Collectors.joining(", "))) + "]");
            }
            if (!value.isBlank() && !param.words.isEmpty() && !param.words.contains(value)) {
                throw Problem.malformed("Parameter '" + param.name + "' is '" + Problem.shorten(value)
                        + "', which is none of ["
                        + param.words.stream().sorted().collect(Collectors.joining(", ")) + "]");
            }
        }
    }
}
