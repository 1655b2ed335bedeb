package holdfast.api.rear;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toMap;

import holdfast.federation.wire.Call;
import holdfast.federation.wire.Passing;
import holdfast.federation.wire.Reply;
import holdfast.platform.HttpReply;
import holdfast.platform.HttpRequest;
import holdfast.platform.HttpServer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The gateway behind a port of its own: nothing of the users' interface is served there.
public final class RearMounts {
    /// Of a body, in bytes.
    private static final int LARGEST = 10 << 20;

    private static final List<String> READ = List.of(
            "accept",
            "content-type",
            "authorization",
            Replays.HEADER,
            Passing.PATH,
            Passing.HOPS,
            Asked.TRACE,
            Asked.WORKFLOW,
            Subscribing.LAST);

    private final Gateway gateway;

    public RearMounts(Gateway gateway) {
        this.gateway = gateway;
    }

    /// Starts to listen, also for nodes that do not encode the brackets of their queries.
    public HttpServer start(HttpServer.Options options) {
        return HttpServer.start(options.withRawQueries(), List.of(new HttpServer.Mount("", this::handle)), this::open);
    }

    private static Call call(HttpRequest request) {
        var headers = READ.stream()
                .flatMap(name -> request.header(name).map(value -> Map.entry(name, value)).stream())
                .collect(toMap(Map.Entry::getKey, Map.Entry::getValue));
        return new Call(request.method(), request.path(), request.query(), headers, "");
    }

    private static Visitor visitor(HttpRequest request) {
        return new Visitor(request.client(), request.certificate());
    }

    /// Whoever wants a WebSocket.
    private Optional<HttpReply> open(HttpRequest request) {
        var call = call(request);
        if (!gateway.joins(call) || gateway.early(call).isPresent()) {
            return Optional.empty();
        }
        return Optional.of(
                switch (gateway.admit(call, visitor(request))) {
                    case Gateway.Admission.Out(var reply) -> content(reply);
                    case Gateway.Admission.In(var passport) ->
                        switch (gateway.join(call, passport)) {
                            case Gateway.Joining.Open(var tunnel) -> tunnel;
                            case Gateway.Joining.No(var reply) -> content(reply);
                        };
                });
    }

    private HttpReply handle(HttpRequest request) {
        var call = call(request);
        var early = gateway.early(call);
        if (early.isPresent()) {
            return content(early.get());
        }
        return switch (gateway.admit(call, visitor(request))) {
            case Gateway.Admission.In(var passport) -> {
                var stream = gateway.stream(call, passport);
                yield stream.isPresent() ? stream.get() : content(answer(call, request, passport));
            }
            case Gateway.Admission.Out(var reply) -> content(reply);
        };
    }

    private Reply answer(Call call, HttpRequest request, Passport passport) {
        return switch (request.body(LARGEST)) {
            case HttpRequest.Body.Whole whole ->
                gateway.answer(
                        new Call(call.method(), call.path(), call.query(), call.headers(), whole.text()), passport);
            case HttpRequest.Body.TooLarge _ ->
                RearProblem.of(413, "the body is too large: send at most " + LARGEST + " bytes")
                        .reply(call);
            case HttpRequest.Body.TooSlow _ ->
                RearProblem.of(408, "the body came too slowly").reply(call);
            case HttpRequest.Body.Crowded _ ->
                RearProblem.of(503, "too many large bodies are being read: ask again")
                        .with("retry-after", "5")
                        .reply(call);
        };
    }

    private static HttpReply.Content content(Reply reply) {
        var headers = reply.headers().entrySet().stream()
                .filter(header -> !header.getKey().equals("content-type"))
                .collect(toMap(Map.Entry::getKey, Map.Entry::getValue));
        return new HttpReply.Content(
                reply.status(),
                reply.header("content-type").orElse(""),
                reply.body().getBytes(UTF_8),
                headers);
    }
}
