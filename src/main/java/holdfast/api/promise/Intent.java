package holdfast.api.promise;

import holdfast.core.Caller;
import holdfast.platform.HttpRequest;
import holdfast.platform.Json;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// One thing that can be asked for by name (promise.md 5.1).
///
/// @param name the last segment of its path
/// @param description in a sentence
/// @param reads whether it changes nothing, so that those may ask who may only look
/// @param input the fields that are read
/// @param output the fields of the answer besides `result` and `message`
record Intent(String name, String description, boolean reads, List<String> input, List<String> output, Action action) {
    Intent {
        input = List.copyOf(input);
        output = List.copyOf(output);
    }

    /// What answers it.
    interface Action {
        /// @throws holdfast.core.RefusedException or [FaultsException], told as `conflict` or `error`
        ObjectNode answer(Asked asked);
    }

    /// One request.
    record Asked(Caller caller, Fields fields, ObjectNode body, HttpRequest http) {
        /// After the last field was read.
        void end() {
            fields.end();
            fields.check();
        }
    }

    static Intent reading(String name, String description, List<String> input, List<String> output, Action action) {
        return new Intent(name, description, true, input, output, action);
    }

    static Intent changing(String name, String description, List<String> input, List<String> output, Action action) {
        return new Intent(name, description, false, input, output, action);
    }

    /// What `OPTIONS` tells of it.
    ObjectNode described() {
        var told = Json.object();
        var post = told.putObject("POST").put("description", description);
        post.put("status", "current").put("reference", "OPNFV Promise, " + name);
        var in = post.putArray("input");
        input.forEach(in::add);
        var out = post.putArray("output").add("result").add("message");
        output.forEach(out::add);
        return told;
    }
}
