package holdfast.drivers.kubernetes;

import holdfast.platform.Json;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.util.HashMap;
import java.util.logging.Level;
import java.util.logging.Logger;

/// A stand-in for an API server: it keeps what it is given, whatever that is.
final class MockServer implements ApiServer {
    private static final Logger TALKS = Logger.getLogger(MockWebServer.class.getName());

    private final KubernetesMockServer server =
            new KubernetesMockServer(new Context(), new MockWebServer(), new HashMap<>(), new Dispatcher(), false);

    /// Makes tokens as well, each of which says what it is bound to.
    private static final class Dispatcher extends KubernetesCrudDispatcher {
        @Override
        public MockResponse handleCreate(RecordedRequest request) {
            return request.getPath().endsWith("/token")
                    ? new MockResponse()
                            .setResponseCode(201)
                            .setHeader("Content-Type", "application/json")
                            .setBody(token(request))
                    : super.handleCreate(request);
        }
    }

    private static String token(RecordedRequest request) {
        var bound =
                Json.tree(request.getUtf8Body()).at("/spec/boundObjectRef/name").asString("nothing");
        return """
                {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "metadata": {},
                 "status": {"token": "bound-to-%s", "expirationTimestamp": "2099-01-01T00:00:00Z"}}""".formatted(bound);
    }

    MockServer() {
        TALKS.setLevel(Level.WARNING);
        server.init();
    }

    @Override
    public String kubeconfig() {
        return """
                current-context: c
                contexts: [{name: c, context: {cluster: c, user: u}}]
                clusters: [{name: c, cluster: {server: '%s'}}]
                users: [{name: u, user: {token: mock}}]
                """.formatted(server.url("/").replaceAll("/$", ""));
    }

    @Override
    public void close() {
        server.shutdown();
    }
}
