package holdfast.api.resources;

import holdfast.core.Caller;
import holdfast.core.Refusal;
import holdfast.engine.Resources;
import holdfast.platform.Database;
import holdfast.platform.HttpReply;
import holdfast.platform.Platform;
import holdfast.pools.Projects;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/// In which projects callers act, and what the answers tell of that (cattle.md 5.1, 5.7).
final class Accounts {
    private static final Pattern NAME = Pattern.compile("[\\p{Alnum}][\\p{Alnum}._@-]{0,99}");
    private static final Duration KEPT = Duration.ofSeconds(30);
    private static final int MOST = 10_000;

    private final Platform platform;
    private final Database database;
    private final Projects projects;
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    /// @param id as people see it
    private record Known(String id, Instant until) {}

    Accounts(Platform platform, Database database, Resources resources) {
        this.platform = platform;
        this.database = database;
        this.projects = new Projects(resources);
    }

    /// The caller in the project that it asks for by name or by the id of its account.
    ///
    /// @throws Problem 403 if it is no member
    Caller in(Caller caller, String wanted, Kinds kinds) {
        if (wanted.equals(caller.project())) {
            return caller;
        }
        var project = database.inTransaction(tx -> References.project(tx, kinds, wanted))
                .orElse(wanted);
        if (project.equals(caller.project())) {
            return caller;
        }
        if (caller.admin() && NAME.matcher(project).matches()) {
            return caller.in(project);
        }
        return database.inTransaction(tx -> projects.role(tx, caller.user(), project))
                .map(role -> new Caller(caller.user(), project, false, caller.readOnly() || role.readOnly()))
                .orElseThrow(
                        () -> Problem.of(Refusal.notYours("you are not a member of project " + Form.shorten(wanted))));
    }

    /// Sees to it that the caller's project has an account.
    void open(Caller caller) {
        var now = platform.now();
        var last = known.get(caller.project());
        if (last != null && last.until.isAfter(now)) {
            return;
        }
        if (known.size() >= MOST) {
            known.clear();
        }
        var account = database.inTransaction(tx -> projects.account(tx, caller.project(), caller.user()));
        known.put(caller.project(), new Known(Ids.wire(account.type(), account.number()), now.plus(KEPT)));
    }

    /// The answer with headers that tell who asked. An answer that there is no database has none of the account.
    HttpReply.Content told(HttpReply.Content answer, Caller caller) {
        var kind = caller.admin() ? caller.role().word() : Projects.KIND;
        var told = answer.with("X-API-USER-ID", caller.user())
                .with("X-API-ACCOUNT-NAME", caller.project())
                .with("X-API-ACCOUNT-KIND", kind);
        return Optional.ofNullable(known.get(caller.project()))
                .map(account -> told.with("X-API-ACCOUNT-ID", account.id))
                .orElse(told);
    }
}
