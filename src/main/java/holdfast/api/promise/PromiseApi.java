package holdfast.api.promise;

import holdfast.api.CannotTellException;
import holdfast.api.Gate;
import holdfast.api.Identity;
import holdfast.core.Caller;
import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import holdfast.engine.handlers.Agents;
import holdfast.platform.DatabaseUnavailableException;
import holdfast.platform.HttpReply;
import holdfast.platform.HttpRequest;
import holdfast.platform.HttpServer;
import holdfast.platform.HttpServer.Mount;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.ObjectNode;

/// The interface of OPNFV Promise (promise.md 5.1): each intent at `/restjson/opnfv-promise/<intent>` and at
/// `/<intent>`, and the tree of what there is.
///
/// Intents answer 200 with `result` whether or not it was done. No cookie counts, so no page of another site can use
/// what a browser remembers.
public final class PromiseApi {
    private static final Logger LOG = LoggerFactory.getLogger(PromiseApi.class);
    private static final String ROOT = "restjson";
    private static final String MODULE = "opnfv-promise";
    private static final String TREE = "promise";
    private static final int LARGEST = 1 << 20;
    private static final int DEEPEST = 16;
    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS", "REPORT");

    private final Platform platform;
    private final Gate gate;
    private final Map<String, Intent> intents = new LinkedHashMap<>();
    private final Tree tree;
    private final UnaryOperator<Refusal> inWords;

    /// @param inWords names places as users name them
    PromiseApi(Platform platform, Gate gate, List<Intent> intents, Tree tree, UnaryOperator<Refusal> inWords) {
        this.platform = platform;
        this.gate = gate;
        this.tree = tree;
        this.inWords = inWords;
        intents.forEach(intent -> this.intents.put(intent.name(), intent));
    }

    /// Not for pages: they stand beside the console, not in it.
    public List<Mount> mounts() {
        var mounts = new ArrayList<Mount>();
        mounts.add(new Mount(ROOT, this::handle));
        intents.keySet().forEach(name -> mounts.add(new Mount(name, this::handle)));
        return mounts;
    }

    private HttpReply handle(HttpRequest request) {
        return served(request, caller -> answer(caller, request));
    }

    /// Answers for a caller that is known.
    interface Service {
        HttpReply answer(Caller caller);
    }

    /// Finds out who asks, and tells what goes wrong.
    HttpReply served(HttpRequest request, Service service) {
        try {
            return inWords(() -> service.answer(
                    gate.identity(request).map(Identity::caller).orElseThrow(ComplaintException::unauthorized)));
        } catch (ComplaintException e) {
            return e.reply();
        } catch (FaultsException e) {
            return ComplaintException.malformed(String.valueOf(e.getMessage())).reply();
        } catch (RefusedException e) {
            return ComplaintException.of(e.refusal()).reply();
        } catch (CannotTellException e) {
            return ComplaintException.unavailable(e.why()).reply();
        } catch (DatabaseUnavailableException e) {
            LOG.warn("{} {}: {}", request.method(), request.rawPath(), e.getMessage());
            return ComplaintException.unavailable(e.advice()).reply();
        } catch (HttpServer.ClientGone e) {
            throw e;
        } catch (RuntimeException e) {
            var id = platform.newId();
            LOG.error("{} {} failed, error {}", request.method(), request.rawPath(), id, e);
            return ComplaintException.unexpected("the server failed to answer; its log tells more under " + id)
                    .reply();
        }
    }

    private <T> T inWords(Supplier<T> work) {
        try {
            return work.get();
        } catch (RefusedException e) {
            throw new RefusedException(inWords.apply(e.refusal()));
        }
    }

    private HttpReply answer(Caller caller, HttpRequest request) {
        mayAsk(caller);
        var path = request.path();
        var inner = path.getFirst().equals(ROOT)
                ? path.subList(1, path.size())
                : Stream.concat(Stream.of(MODULE), path.stream()).toList();
        if (inner.isEmpty() || !inner.getFirst().equals(MODULE)) {
            throw nothing(request);
        }
        var rest = inner.subList(1, inner.size());
        if (rest.isEmpty() || rest.getFirst().equals(TREE)) {
            return tree(caller, request, rest);
        }
        var intent = intents.get(rest.getFirst());
        if (intent == null || rest.size() > 1) {
            throw nothing(request);
        }
        return intent(caller, request, intent);
    }

    static void mayAsk(Caller caller) {
        if (Agents.isAgent(caller)) {
            throw ComplaintException.forbidden("an agent reserves nothing");
        }
    }

    private static ComplaintException nothing(HttpRequest request) {
        return ComplaintException.notThere("there is nothing at " + Fields.shorten(request.rawPath()));
    }

    private HttpReply intent(Caller caller, HttpRequest request, Intent intent) {
        return switch (request.method()) {
            case "POST" -> {
                if (caller.readOnly() && !intent.reads()) {
                    throw readOnly(caller);
                }
                yield HttpReply.json(200, outcome(caller, request, intent));
            }
            case "OPTIONS" -> HttpReply.json(200, intent.described()).with("Allow", "POST, OPTIONS");
            default ->
                throw ComplaintException.wrongMethod(
                        request.method(), Fields.shorten(request.rawPath()), "POST, OPTIONS");
        };
    }

    static ComplaintException readOnly(Caller caller) {
        return ComplaintException.forbidden(
                caller.user() + " may look at things here, not change them; use a key with another role");
    }

    private ObjectNode outcome(Caller caller, HttpRequest request, Intent intent) {
        try {
            return inWords(() -> {
                var body = body(request);
                return intent.action().answer(new Intent.Asked(caller, Fields.of(body), body, request));
            });
        } catch (FaultsException e) {
            return Told.faults(e.faults());
        } catch (RefusedException e) {
            if (e.refusal().kind() == Refusal.Kind.NOT_YOURS) {
                throw e;
            }
            return Told.refused(e.refusal());
        }
    }

    /// The body of a request; no body is an empty object.
    ///
    /// @throws RefusedException if it is no JSON object, or one that cannot be kept
    static ObjectNode body(HttpRequest request) {
        var text = switch (request.body(LARGEST)) {
            case HttpRequest.Body.Whole whole ->
                whole.utf8().orElseThrow(() -> ComplaintException.malformed("the body is not in UTF-8"));
            case HttpRequest.Body.TooLarge _ -> throw ComplaintException.tooLarge(LARGEST);
            case HttpRequest.Body.TooSlow _ -> throw ComplaintException.tooSlow();
            case HttpRequest.Body.Crowded _ ->
                throw ComplaintException.unavailable("too many large requests at the same time");
        };
        if (text.isBlank()) {
            return Json.object();
        }
        try {
            if (Json.tree(text) instanceof ObjectNode object) {
                Json.unfit(object, DEEPEST).ifPresent(rule -> {
                    throw new RefusedException(Refusal.malformed("body", "the body " + rule));
                });
                return object;
            }
        } catch (JacksonException e) {
            throw new RefusedException(
                    Refusal.malformed("body", "the body is not JSON: " + Fields.shorten(e.getOriginalMessage())));
        }
        throw new RefusedException(Refusal.malformed("body", "the body must be a JSON object"));
    }

    private HttpReply tree(Caller caller, HttpRequest request, List<String> rest) {
        if (caller.readOnly() && !READING.contains(request.method())) {
            throw readOnly(caller);
        }
        if (rest.isEmpty()) {
            var told = Json.object();
            intents.values().forEach(intent -> told.put(intent.name(), intent.description()));
            return switch (request.method()) {
                case "GET", "HEAD", "REPORT" -> HttpReply.json(200, told);
                default ->
                    throw ComplaintException.wrongMethod(
                            request.method(), Fields.shorten(request.rawPath()), "GET, HEAD, REPORT");
            };
        }
        return tree.answer(caller, request, rest.subList(1, rest.size()));
    }
}
