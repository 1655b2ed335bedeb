package holdfast.cli;

import holdfast.platform.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/// Which notices a command is about.
final class NoticeOptions {
    @Option(
            names = "--event",
            paramLabel = "TYPE",
            description = "Only these types, such as reservation.started or 'reservation.*'; may be repeated.")
    private List<String> events = new ArrayList<>();

    @Option(names = "--reservation", paramLabel = "ID", description = "Only of these reservations; may be repeated.")
    private List<String> reservations = new ArrayList<>();

    @Option(names = "--object", paramLabel = "ID", description = "Only what happened to these; may be repeated.")
    private List<String> objects = new ArrayList<>();

    @Option(names = "--project", paramLabel = "NAME", description = "Only of this project.")
    private Optional<String> project = Optional.empty();

    @Option(names = "--zone", paramLabel = "NAME", description = "Only in this zone.")
    private Optional<String> zone = Optional.empty();

    private Map<String, List<String>> lists() {
        var lists = new LinkedHashMap<String, List<String>>();
        lists.put("events", events);
        lists.put("reservation", reservations);
        lists.put("object", objects);
        return lists;
    }

    Map<String, Optional<String>> parameters() {
        var parameters = new LinkedHashMap<String, Optional<String>>();
        lists().forEach((name, values) ->
                parameters.put(name, values.isEmpty() ? Optional.empty() : Optional.of(String.join(",", values))));
        parameters.put("project", project);
        parameters.put("zone", zone);
        return parameters;
    }

    ObjectNode filter() {
        var filter = Json.object();
        lists().forEach((name, values) -> {
            if (!values.isEmpty()) values.forEach(filter.putArray(name)::add);
        });
        project.ifPresent(name -> filter.put("project", name));
        zone.ifPresent(name -> filter.put("zone", name));
        return filter;
    }
}
