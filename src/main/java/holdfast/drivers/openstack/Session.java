package holdfast.drivers.openstack;

import holdfast.drivers.openstack.Outcome.NotDoneException;
import holdfast.platform.Json;
import holdfast.platform.WebClient;
import holdfast.platform.WebClient.NoAnswerException;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.StreamSupport;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Who we are at a cloud, proved by a token. It is renewed five minutes before its end, by one caller at a time.
/// Credentials that were refused are tried once a minute only, or when somebody wants it: the user would be locked out.
final class Session {
    private final WebClient web;
    private final Account account;
    private final Limits limits;
    private final InstantSource clock;
    private final ReentrantLock renewing = new ReentrantLock();
    private Optional<Scope> current = Optional.empty();
    private Optional<Refused> refused = Optional.empty();

    Session(WebClient web, Account account, Limits limits, InstantSource clock) {
        this.web = web;
        this.account = account;
        this.limits = limits;
        this.clock = clock;
    }

    /// A token and what it opens.
    ///
    /// @param project the id of ours
    record Scope(String token, Instant until, String project, List<Endpoint> catalog) {
        /// Without the token.
        @Override
        public String toString() {
            return "project " + project + " until " + until;
        }
    }

    private record Refused(Outcome.Denied why, Instant until) {}

    /// An address in the catalog, for the public.
    record Endpoint(String type, String region, String url) {}

    /// One that is good for a while.
    ///
    /// @throws NotDoneException if none can be had
    Scope scope() {
        renewing.lock();
        try {
            var enough = clock.instant().plus(Limits.TOKEN_LEFT);
            var good = current.filter(scope -> scope.until().isAfter(enough));
            return good.isPresent() ? good.get() : login();
        } finally {
            renewing.unlock();
        }
    }

    /// Another than `stale`, which a service did not take.
    ///
    /// @throws NotDoneException if none can be had
    Scope renewed(Scope stale) {
        renewing.lock();
        try {
            var other = current.filter(scope -> !scope.token().equals(stale.token()));
            return other.isPresent() ? other.get() : login();
        } finally {
            renewing.unlock();
        }
    }

    /// Tries credentials that were refused at the next occasion.
    void forgive() {
        renewing.lock();
        try {
            refused = Optional.empty();
        } finally {
            renewing.unlock();
        }
    }

    /// Where a service is.
    ///
    /// @throws NotDoneException if the catalog does not name it
    String url(Scope scope, Service service) {
        for (var type : service.types) {
            var found = scope.catalog().stream()
                    .filter(endpoint -> endpoint.type().equals(type))
                    .filter(endpoint ->
                            account.region().map(endpoint.region()::equals).orElse(true))
                    .findFirst();
            if (found.isPresent()) return found.get().url();
        }
        var where = account.region().map(name -> " in region " + name).orElse("");
        throw new NotDoneException(new Outcome.Failed(
                0, "", "the catalog of the cloud has no public service " + service.types.getFirst() + where));
    }

    /// Whether an identity service is there, whoever asks.
    ///
    /// @return its version
    /// @throws NotDoneException if not
    String greet() {
        try {
            var tokens = account.credentials().tokens("").toString();
            var root = URI.create(tokens.substring(0, tokens.lastIndexOf("/auth/")));
            var answer = web.call(new WebClient.Call("GET", root, Map.of(), Optional.empty()), limits.login());
            var version = answer.status() == 200
                    ? Json.tree(answer.text()).path("version").path("id").asString("")
                    : "";
            if (!version.isEmpty()) return version;
        } catch (NoAnswerException e) {
            throw new NotDoneException(new Outcome.Later(String.valueOf(e.getMessage()), Optional.empty()));
        } catch (JacksonException _) {
            // told below
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        throw new NotDoneException(
                new Outcome.Later("what answers there is no identity service of version 3", Optional.empty()));
    }

    private Scope login() {
        var still = refused.filter(one -> clock.instant().isBefore(one.until()));
        if (still.isPresent()) throw new NotDoneException(still.get().why());
        try {
            var scope = read(web.call(account.credentials().login(""), limits.login()));
            current = Optional.of(scope);
            return scope;
        } catch (NoAnswerException e) {
            throw new NotDoneException(new Outcome.Later("no token: " + e.getMessage(), Optional.empty()));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new NotDoneException(new Outcome.Later("interrupted while asking for a token", Optional.empty()));
        }
    }

    private Scope read(WebClient.Answer answer) {
        var token = answer.header("x-subject-token");
        if (answer.status() == 201 && token.isPresent()) {
            try {
                return scope(token.get(), Json.tree(answer.text()).path("token"));
            } catch (JacksonException | DateTimeParseException _) {
                throw new NotDoneException(new Outcome.Later(
                        "no token: the identity service answered in words we do not know", Optional.empty()));
            }
        }
        var complaint = Complaint.read(answer.status(), answer.text()).message();
        if (answer.status() == 401 || answer.status() == 403) {
            var who = account.credentials();
            var denied = new Outcome.Denied("the identity service refuses user " + who.user() + " for project "
                    + who.project() + ": " + complaint);
            refused = Optional.of(new Refused(denied, clock.instant().plus(Limits.WHEN_DENIED)));
            throw new NotDoneException(denied);
        }
        throw new NotDoneException(new Outcome.Later("no token: " + complaint, Optional.empty()));
    }

    private static Scope scope(String value, JsonNode token) {
        var catalog = StreamSupport.stream(token.path("catalog").spliterator(), false)
                .flatMap(service -> StreamSupport.stream(
                                service.path("endpoints").spliterator(), false)
                        .filter(endpoint ->
                                endpoint.path("interface").asString("").equals("public"))
                        .map(endpoint -> new Endpoint(
                                service.path("type").asString(""),
                                endpoint.path("region").asString(""),
                                endpoint.path("url").asString("").replaceAll("/{1,10}$", ""))))
                .toList();
        var until = Instant.parse(token.path("expires_at").asString(""));
        return new Scope(value, until, token.path("project").path("id").asString(""), catalog);
    }
}
