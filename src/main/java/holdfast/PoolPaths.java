package holdfast;

import holdfast.platform.HttpReply;
import holdfast.platform.HttpRequest;
import holdfast.platform.HttpServer.Handler;
import holdfast.platform.HttpServer.Mount;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Each pool as a cloud with an address of its own, `/pools/NAME/api` and `/pools/NAME/cimi`, for clients that cannot
/// say which provider they mean (aeolus.md 10, row 2). It is the same interface that is served without a pool, told
/// which. `/pools/NAME` is the root of such a cloud, and leads to its entry point (aeolus.md 5.3.2).
final class PoolPaths {
    private static final String FIRST = "pools";
    private static final String PROVIDER = "x-deltacloud-provider";

    private PoolPaths() {}

    /// @param faces the interfaces of clouds
    static Mount of(List<Mount> faces) {
        Map<String, Handler> handlers = faces.stream().collect(Collectors.toMap(Mount::first, Mount::handler));
        return new Mount(
                FIRST,
                request -> request.path().size() == 2
                        ? entry(request)
                        : Optional.of(request.path())
                                .filter(path -> path.size() > 2)
                                .flatMap(path -> Optional.ofNullable(
                                        handlers.get(path.get(2).split(";", 2)[0])))
                                .map(face -> face.handle(pool(request)))
                                .orElseGet(() -> HttpReply.of(
                                        404, "text/plain", "a pool has /pools/NAME/api and /pools/NAME/cimi\n")));
    }

    private static HttpReply entry(HttpRequest request) {
        var root = request.base() + request.rawPath();
        return HttpReply.of(301, "text/plain", "").with("Location", root + (root.endsWith("/") ? "api" : "/api"));
    }

    private static HttpRequest pool(HttpRequest request) {
        return request.below(2, Map.of(PROVIDER, request.path().get(1)));
    }
}
