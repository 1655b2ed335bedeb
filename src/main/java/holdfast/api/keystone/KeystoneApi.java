package holdfast.api.keystone;

import holdfast.api.CannotTellException;
import holdfast.api.Credentials;
import holdfast.api.Entrances;
import holdfast.api.Gate;
import holdfast.api.Identity;
import holdfast.api.Sessions;
import holdfast.api.Sessions.Open;
import holdfast.engine.handlers.Agents;
import holdfast.platform.DatabaseUnavailableException;
import holdfast.platform.HttpReply;
import holdfast.platform.HttpRequest;
import holdfast.platform.HttpServer;
import holdfast.platform.HttpServer.Mount;
import holdfast.platform.Platform;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `/identity`: says which version it speaks, issues tokens, and says what a token that it issued is worth.
///
/// Passwords are the tokens and secret keys of the native interface, and cost as much to verify there. Everything is
/// proved by what the request itself says: no cookie and no `Authorization` counts, so no page of another site can use
/// what a browser remembers.
public final class KeystoneApi {
    private static final Logger LOG = LoggerFactory.getLogger(KeystoneApi.class);
    private static final int LARGEST = 32_768;
    private static final String SUBJECT = "X-Subject-Token";
    private static final String WHO = "the request could not be authenticated: ";

    private final Platform platform;
    private final Credentials credentials;
    private final Sessions sessions;
    private final Gate gate;

    public KeystoneApi(Platform platform, Credentials credentials, Sessions sessions, Gate gate) {
        this.platform = platform;
        this.credentials = credentials;
        this.sessions = sessions;
        this.gate = gate;
    }

    /// Not for pages: it stands beside the console, not in it.
    public List<Mount> mounts() {
        return List.of(new Mount(Entrances.IDENTITY, this::handle));
    }

    private HttpReply handle(HttpRequest request) {
        try {
            return answer(request);
        } catch (ComplaintException e) {
            return e.reply();
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

    private HttpReply answer(HttpRequest request) {
        var method = request.method();
        boolean reading = method.equals("GET") || method.equals("HEAD");
        return switch (String.join("/", request.path())) {
            case Entrances.IDENTITY -> {
                only(reading, method, "GET, HEAD");
                yield HttpReply.json(
                        300, Map.of("versions", Map.of("values", List.of(TokenView.version(request.base())))));
            }
            case Entrances.IDENTITY + "/v3" -> {
                only(reading, method, "GET, HEAD");
                yield HttpReply.json(200, Map.of("version", TokenView.version(request.base())));
            }
            case Entrances.IDENTITY + "/v3/auth/tokens" -> {
                only(reading || method.equals("POST"), method, "GET, HEAD, POST");
                yield reading ? validate(request) : issue(request);
            }
            default ->
                throw ComplaintException.notThere("there is nothing here; tokens are at /identity/v3/auth/tokens");
        };
    }

    private static void only(boolean right, String method, String allowed) {
        if (!right) {
            throw ComplaintException.wrongMethod(method, allowed);
        }
    }

    private HttpReply issue(HttpRequest request) {
        var login = Login.read(body(request));
        var method = login.shown().method();
        var begun = switch (login.shown()) {
            case Login.Pair pair ->
                credentials
                        .pair(pair.name(), pair.secret(), request.client())
                        .map(given -> member(request, sessions.begin(given, login.project(), List.of(method))));
            case Login.Issued issued ->
                sessions.find(issued.token())
                        .map(old -> member(request, sessions.again(old, login.project(), with(old, method))));
        };
        var open = begun.orElseThrow(() -> unauthorized(request, "the " + method + " is not right"));
        if (Agents.isAgent(open.caller())) {
            throw ComplaintException.forbidden("keys of agents are for events only; there are no tokens for them");
        }
        LOG.info("{} has a token for {}", open.caller().user(), open.caller().project());
        return told(request, 201, sessions.token(open.session()), open);
    }

    private static Open member(HttpRequest request, Optional<Open> begun) {
        return begun.orElseThrow(() -> unauthorized(request, "you are not a member of the project in auth.scope"));
    }

    private static List<String> with(Open before, String method) {
        return Stream.concat(Stream.of(method), before.session().methods().stream())
                .distinct()
                .toList();
    }

    private HttpReply validate(HttpRequest request) {
        var mine = request.header("X-Auth-Token").orElseThrow(() -> unauthorized(request, "X-Auth-Token is missing"));
        var asking = gate.token(mine, request.client())
                .orElseThrow(() -> unauthorized(request, "X-Auth-Token is not right"));
        var subject = request.header(SUBJECT)
                .orElseThrow(() -> ComplaintException.malformed(SUBJECT + " is missing: the token to look at"));
        if (!subject.equals(mine) && !mayAsk(asking)) {
            throw ComplaintException.forbidden("only administrators may ask for tokens of others");
        }
        var open = sessions.find(subject)
                .orElseThrow(() -> ComplaintException.notThere("the token in " + SUBJECT + " is worth nothing here"));
        return told(request, 200, subject, open);
    }

    private static boolean mayAsk(Identity asking) {
        return asking.caller().admin();
    }

    private static HttpReply told(HttpRequest request, int status, String token, Open open) {
        boolean catalog = !request.query().containsKey("nocatalog");
        return HttpReply.json(status, TokenView.token(open, request.base(), catalog))
                .with(SUBJECT, token);
    }

    private static ComplaintException unauthorized(HttpRequest request, String why) {
        return ComplaintException.unauthorized(WHO + why, request.base() + "/" + Entrances.IDENTITY);
    }

    private static String body(HttpRequest request) {
        return switch (request.body(LARGEST)) {
            case HttpRequest.Body.Whole whole ->
                whole.utf8().orElseThrow(() -> ComplaintException.malformed("the body is not in UTF-8"));
            case HttpRequest.Body.TooLarge _ ->
                throw ComplaintException.tooLarge("the body is larger than " + LARGEST + " bytes");
            case HttpRequest.Body.TooSlow _ -> throw ComplaintException.tooSlow();
            case HttpRequest.Body.Crowded _ ->
                throw ComplaintException.unavailable("too many large requests at the same time");
        };
    }
}
