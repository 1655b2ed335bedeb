package holdfast.drivers.deltacloud;

import com.sun.net.httpserver.HttpExchange;
import holdfast.drivers.deltacloud.MockDeltacloud.Reply;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;

/// The buckets of a Deltacloud server. What is in a blob is kept if it is small; of a large one only how long it is.
final class MockBuckets {
    private static final int SMALL = 1 << 20;
    private static final String NOTE = "x-deltacloud-blobmeta-";
    /// As Ruby writes a time.
    private static final String MODIFIED = "2031-02-03 10:00:00 +0000";

    private final MockDeltacloud mock;
    private final Map<String, Map<String, Blob>> buckets = new ConcurrentSkipListMap<>();

    /// @param small the content, or nothing if it is larger than that
    private record Blob(String type, long length, byte[] small, Map<String, String> notes) {}

    MockBuckets(MockDeltacloud mock) {
        this.mock = mock;
    }

    Reply answer(String method, List<String> path, Map<String, String> form) {
        if (method.equals("POST")) {
            buckets.put(form.get("name"), new ConcurrentSkipListMap<>());
            return Reply.of(201, bucket(form.get("name")));
        }
        if (path.size() == 1) return Reply.of(200, Rest.listed("buckets", buckets.keySet(), this::bucket));
        if (!buckets.containsKey(path.get(1))) return MockDeltacloud.error(404, "no bucket");
        if (!method.equals("DELETE")) return Reply.of(200, bucket(path.get(1)));
        buckets.remove(path.get(1));
        return Reply.of(204, "");
    }

    private String bucket(String name) {
        var inside = buckets.get(name);
        return "<bucket href='x' id='%s'><name>%s</name><size>%d</size>%s</bucket>"
                .formatted(
                        name,
                        name,
                        inside.size(),
                        String.join(
                                "",
                                inside.keySet().stream()
                                        .map(one -> "<blob href='x' id='%s'/>".formatted(one))
                                        .toList()));
    }

    /// Contents are too large to be answered like the rest.
    void blob(HttpExchange exchange, String path) throws IOException {
        var parts = path.split("/");
        var name = parts[4];
        var bucket = buckets.get(parts[3]);
        if (!mock.isLetIn(exchange)) MockDeltacloud.send(exchange, MockDeltacloud.error(401, "Authentication failed"));
        else if (bucket == null) MockDeltacloud.send(exchange, MockDeltacloud.error(404, "no bucket"));
        else if (exchange.getRequestMethod().equals("PUT")) {
            bucket.put(name, read(exchange));
            MockDeltacloud.send(exchange, Reply.of(200, shown(parts[3], name, bucket.get(name))));
        } else if (!bucket.containsKey(name)) MockDeltacloud.send(exchange, MockDeltacloud.error(404, "no blob"));
        else if (path.endsWith("/content")) content(exchange, bucket.get(name));
        else MockDeltacloud.send(exchange, answer(exchange, bucket, parts[3], name));
    }

    private static Reply answer(HttpExchange exchange, Map<String, Blob> bucket, String in, String name) {
        var blob = bucket.get(name);
        return switch (exchange.getRequestMethod()) {
            case "POST" -> {
                bucket.put(name, new Blob(blob.type, blob.length, blob.small, notes(exchange)));
                yield Reply.of(204, "");
            }
            case "DELETE" -> {
                bucket.remove(name);
                yield Reply.of(204, "");
            }
            default -> Reply.of(200, shown(in, name, blob));
        };
    }

    private static Blob read(HttpExchange exchange) throws IOException {
        var small = exchange.getRequestBody().readNBytes(SMALL);
        long more = exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
        var type = exchange.getRequestHeaders().getFirst("Content-Type");
        return new Blob(type, small.length + more, more == 0 ? small : new byte[0], notes(exchange));
    }

    private static Map<String, String> notes(HttpExchange exchange) {
        var notes = new TreeMap<String, String>();
        exchange.getRequestHeaders().forEach((name, values) -> {
            var small = name.toLowerCase(Locale.ROOT);
            if (small.startsWith(NOTE))
                notes.put(small.substring(NOTE.length()).toUpperCase(Locale.ROOT), values.getFirst());
        });
        return notes;
    }

    private static String shown(String bucket, String name, Blob blob) {
        var entries = new StringBuilder();
        blob.notes.forEach(
                (note, value) -> entries.append("<entry key='%s'><![CDATA[%s]]></entry>".formatted(note, value)));
        return """
                <blob href='x' id='%s'><bucket>%s</bucket><content_length>%d</content_length><content_type>%s</content_type>
                <last_modified>%s</last_modified><user_metadata>%s</user_metadata></blob>
                """.formatted(name, bucket, blob.length, blob.type, MODIFIED, entries);
    }

    private static void content(HttpExchange exchange, Blob blob) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", blob.type);
        exchange.sendResponseHeaders(200, blob.length == 0 ? -1 : blob.length);
        exchange.getResponseBody().write(blob.small);
        long left = blob.length - blob.small.length;
        var block = new byte[1 << 16];
        while (left > 0) {
            int some = (int) Math.min(left, block.length);
            exchange.getResponseBody().write(block, 0, some);
            left -= some;
        }
        exchange.close();
    }
}
