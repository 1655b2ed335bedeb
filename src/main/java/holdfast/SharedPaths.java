package holdfast;

import holdfast.api.declared.DeclaredApi;
import holdfast.platform.HttpServer.Mount;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The interface of Deltacloud and the dashboard of FLUIDOS both have their things below `/api`, and each knows which
/// are its own.
final class SharedPaths {
    private SharedPaths() {}

    /// @param declared mounts of [DeclaredApi]; none if this server deals with no other
    static List<Mount> together(List<Mount> clouds, List<Mount> declared) {
        Map<String, Mount> others = declared.stream().collect(Collectors.toMap(Mount::first, Function.identity()));
        var shared = clouds.stream().map(ours -> {
            var theirs = others.remove(ours.first());
            return theirs == null
                    ? ours
                    : new Mount(
                            ours.first(),
                            request -> DeclaredApi.isMeant(request)
                                    ? theirs.handler().handle(request)
                                    : ours.handler().handle(request));
        });
        return Stream.concat(shared.toList().stream(), others.values().stream()).toList();
    }
}
