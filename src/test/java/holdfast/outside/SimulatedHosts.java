package holdfast.outside;

import holdfast.platform.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// What the simulated hosts hold, from their files.
final class SimulatedHosts {
    private SimulatedHosts() {}

    /// `lease part` of all that is there.
    static List<String> things(Path directory) {
        var things = new ArrayList<String>();
        for (var host : hosts(directory))
            for (var thing : host.path("things"))
                things.add(thing.at("/key/lease").stringValue() + " "
                        + thing.at("/key/part").stringValue());
        return things;
    }

    /// The hosts count how often they made each thing.
    static List<String> madeMoreThanOnce(Path directory) {
        var twice = new ArrayList<String>();
        for (var host : hosts(directory))
            for (var counted : host.path("counted"))
                if (counted.at("/counters/made").intValue() > 1) twice.add(counted.toString());
        return twice;
    }

    private static List<JsonNode> hosts(Path directory) {
        var hosts = new ArrayList<JsonNode>();
        for (var site : List.of("renc-am", "uky-am")) {
            try {
                hosts.add(Json.tree(Files.readString(directory.resolve(site + ".json"))));
            } catch (NoSuchFileException _) {
                // nothing was ever made there
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return hosts;
    }
}
