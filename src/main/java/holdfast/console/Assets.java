package holdfast.console;

import holdfast.platform.HttpReply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The files that pages load.
final class Assets {
    private static final Map<String, String> TYPES =
            Map.of("js", "text/javascript; charset=utf-8", "css", "text/css; charset=utf-8", "svg", "image/svg+xml");
    private static final Map<String, HttpReply.Content> READ = new ConcurrentHashMap<>();

    private Assets() {}

    static Optional<HttpReply.Content> find(String name) {
        return name.matches("[a-z]{1,20}\\.[a-z]{2,3}")
                ? Optional.ofNullable(READ.computeIfAbsent(name, Assets::read))
                : Optional.empty();
    }

    private static HttpReply.@org.jspecify.annotations.Nullable Content read(String name) {
        var type = TYPES.get(name.substring(name.indexOf('.') + 1));
        try (var in = Assets.class.getResourceAsStream(name)) {
            return type == null || in == null
                    ? null
                    : new HttpReply.Content(200, type, in.readAllBytes(), Map.of("Cache-Control", "no-cache"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
