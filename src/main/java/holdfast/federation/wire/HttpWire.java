package holdfast.federation.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import holdfast.federation.trust.NodeTls;
import holdfast.federation.trust.Tokens;
import holdfast.platform.CallbackPolicy;
import holdfast.platform.WebClient;
import holdfast.platform.WebClient.Dialled;
import java.net.URI;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// The way to other domains by HTTP/1.1. Answers are bounded; connections are kept for calls that follow. Used by many
/// threads at once.
public final class HttpWire implements Wire, AutoCloseable {
    /// Of an answer, in bytes.
    private static final long LARGEST = 10 << 20;

    private static final Duration CONNECT = Duration.ofSeconds(2);

    private static final String AUTHORIZATION = "authorization";

    private final CallbackPolicy policy;
    private final WebClient plain = new WebClient(CONNECT, LARGEST);
    private final Optional<Tokens> tokens;
    private final Optional<PinnedClient> pinned;

    /// One that proves nothing, and asks nobody by TLS.
    ///
    /// @param policy which addresses may be called: nodes and their contracts name some
    public HttpWire(CallbackPolicy policy) {
        this.policy = policy;
        this.tokens = Optional.empty();
        this.pinned = Optional.empty();
    }

    /// One that proves to nodes with pinned keys who this node is: by its certificate if it is asked for one, and
    /// by a token with each question that shows no other.
    ///
    /// @param policy which addresses may be called: nodes and their contracts name some
    public HttpWire(CallbackPolicy policy, NodeTls tls, Tokens tokens) {
        this.policy = policy;
        this.tokens = Optional.of(tokens);
        this.pinned = Optional.of(new PinnedClient(tls, CONNECT, LARGEST));
    }

    @Override
    public Reply call(Endpoint to, Call call, Duration limit) throws NoAnswer {
        try {
            var body = Optional.of(call.body()).filter(text -> !text.isEmpty());
            var url = url(to, call);
            look(url);
            var answer = client(to, url).call(new WebClient.Call(call.method(), url, headers(to, call), body), limit);
            return new Reply(answer.status(), answer.headers(), answer.text());
        } catch (WebClient.NoAnswerException e) {
            throw new NoAnswer(String.valueOf(e.getMessage()), e.reached());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NoAnswer("the wait for its answer was broken off", true);
        }
    }

    @Override
    public Dialled dial(Endpoint to, Call call, Duration limit) throws NoAnswer {
        var url = url(to, call);
        look(url);
        try {
            var asked = new WebClient.Call(call.method(), url, headers(to, call), Optional.empty());
            return client(to, url).dial(asked, limit);
        } catch (WebClient.NoAnswerException e) {
            throw new NoAnswer(String.valueOf(e.getMessage()), e.reached());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NoAnswer("the wait for its answer was broken off", true);
        }
    }

    private void look(URI url) throws NoAnswer {
        try {
            if (!policy.allows(url)) {
                throw new NoAnswer("its address may not be called from here", false);
            }
        } catch (UnknownHostException _) {
            throw new NoAnswer("there is no host of that name", false);
        }
    }

    private WebClient client(Endpoint to, URI url) throws NoAnswer {
        if (!to.secure()) {
            return plain;
        }
        if (pinned.isEmpty()) {
            throw new NoAnswer("it is to be asked by TLS, and this node has no key of its own", false);
        }
        var fingerprint = to.fingerprint()
                .orElseThrow(() -> new NoAnswer("it is to be asked by TLS, and its key is not known", false));
        return pinned.get().to(url, fingerprint);
    }

    /// A token is told to nobody but the node that it is for.
    private Map<String, String> headers(Endpoint to, Call call) {
        var token = to.secure() ? tokens.flatMap(ours -> to.fingerprint().map(ours::make)) : Optional.<String>empty();
        return token.filter(_ -> call.header(AUTHORIZATION).isEmpty())
                .map(text -> call.with(AUTHORIZATION, "Bearer " + text).headers())
                .orElse(call.headers());
    }

    private static URI url(Endpoint to, Call call) throws NoAnswer {
        var path = call.path().stream().map(HttpWire::encoded).collect(Collectors.joining("/"));
        var query = call.query().isEmpty() ? "" : "?" + QueryText.write(call.query());
        try {
            var url = URI.create((to.secure() ? "https://" : "http://") + to.address() + "/" + path + query);
            if (url.getHost() != null) {
                return url;
            }
        } catch (IllegalArgumentException _) {
            // said below
        }
        throw new NoAnswer("its address is no host:port", false);
    }

    private static String encoded(String segment) {
        return URLEncoder.encode(segment, UTF_8).replace("+", "%20");
    }

    /// What is under way is broken off.
    @Override
    public void close() {
        plain.close();
        pinned.ifPresent(PinnedClient::close);
    }
}
