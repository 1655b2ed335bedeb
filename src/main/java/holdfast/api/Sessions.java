package holdfast.api;

import holdfast.core.Caller;
import holdfast.platform.Database;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Secrets;
import holdfast.pools.Projects;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;

/// Tokens that are issued for a while. Nothing of them is stored: a token is the sealed statement of what its user
/// proved, and each time it is asked whether that still counts.
public final class Sessions {
    /// How long a token is good.
    public static final Duration LIFE = Duration.ofHours(1);

    private static final String PREFIX = "hf1.";
    private static final String PURPOSE = "session";

    private final Platform platform;
    private final Database database;
    private final Projects projects;
    private final Secrets secrets;
    private final Credentials credentials;

    /// What a token states.
    ///
    /// @param project in which its holder acts
    /// @param methods by which the holder proved who it is: `password`, `token`, ...
    public record Session(Proof proof, String project, List<String> methods, Instant issued, Instant until) {}

    /// A token that counts.
    public record Open(Session session, Caller caller) {}

    public Sessions(Platform platform, Database database, Projects projects, Secrets secrets, Credentials credentials) {
        this.platform = platform;
        this.database = database;
        this.projects = projects;
        this.secrets = secrets;
        this.credentials = credentials;
    }

    /// A session from now on.
    ///
    /// @param project empty = the one that the proof stands for
    /// @return empty if the holder may not act in the project
    public Optional<Open> begin(Proof.Given given, Optional<String> project, List<String> methods) {
        return begin(given, project, methods, platform.now().plus(LIFE));
    }

    private Optional<Open> begin(Proof.Given given, Optional<String> project, List<String> methods, Instant until) {
        return acting(given.caller(), project.orElse(given.caller().project()))
                .map(caller ->
                        new Open(new Session(given.proof(), caller.project(), methods, platform.now(), until), caller));
    }

    /// A session for one who shows the token of another, which it does not outlive.
    ///
    /// @param project empty = the same
    /// @return empty if the holder may not act in the project
    public Optional<Open> again(Open before, Optional<String> project, List<String> methods) {
        var old = before.session();
        return credentials
                .holder(old.proof())
                .flatMap(holder -> begin(
                        new Proof.Given(holder, old.proof()),
                        project.or(() -> Optional.of(old.project())),
                        methods,
                        old.until()));
    }

    /// The token of a session.
    public String token(Session session) {
        return PREFIX + secrets.statement(PURPOSE, Json.text(session));
    }

    /// Whether a text looks like a token of a session, whatever it is worth.
    static boolean isToken(String token) {
        return token.startsWith(PREFIX);
    }

    /// The session of a token; empty if it is none of ours, is over, or if its holder may not come in any more.
    public Optional<Open> find(String token) {
        return isToken(token)
                ? secrets.stated(PURPOSE, token.substring(PREFIX.length()))
                        .flatMap(Sessions::read)
                        .filter(session -> session.until().isAfter(platform.now()))
                        .flatMap(session -> credentials
                                .holder(session.proof())
                                .flatMap(holder -> acting(holder, session.project()))
                                .map(caller -> new Open(session, caller)))
                : Optional.empty();
    }

    private static Optional<Session> read(String text) {
        try {
            return Optional.of(Json.read(text, Session.class));
        } catch (JacksonException _) {
            return Optional.empty(); // of another version
        }
    }

    private Optional<Caller> acting(Caller caller, String project) {
        return caller.project().equals(project)
                ? Optional.of(caller)
                : database.inTransaction(tx -> projects.acting(tx, caller, project));
    }
}
