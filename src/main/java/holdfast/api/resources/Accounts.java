package holdfast.api.resources;

import holdfast.core.Caller;
import holdfast.core.Refusal;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Database;
import holdfast.platform.HttpReply;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.pools.Projects;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// In which projects callers act, and what the answers tell of that (cattle.md 5.1, 5.7).
final class Accounts {
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
                .or(() -> Optional.of(wanted).filter(name -> !Ids.isId(name)))
                .orElseThrow(() -> notMember(wanted));
        if (project.equals(caller.project())) {
            return caller;
        }
        return database.inTransaction(tx -> projects.acting(tx, caller, project))
                .orElseThrow(() -> notMember(wanted));
    }

    private static Problem notMember(String wanted) {
        return Problem.of(Refusal.notYours("you are not a member of project " + Form.shorten(wanted)));
    }

    /// Looks up the account of the caller's project, if there is one yet, for [#told].
    void look(Caller caller) {
        if (!isKnown(caller.project())) {
            database.inTransaction(tx -> projects.find(tx, caller.project())).ifPresent(this::remember);
        }
    }

    /// Sees to it that the project of what is being made has an account; that of a project is itself.
    void open(Tx tx, Resource made, String who) {
        if (!isKnown(made.project()) && !made.id().equals(Projects.id(made.project()))) {
            var account = projects.account(tx, made.project(), who);
            tx.afterCommit(() -> remember(account));
        }
    }

    private boolean isKnown(String project) {
        var last = known.get(project);
        return last != null && last.until.isAfter(platform.now());
    }

    private void remember(Resource account) {
        if (known.size() >= MOST) {
            known.clear();
        }
        var until = platform.now().plus(KEPT);
        known.put(account.project(), new Known(Ids.wire(account.type(), account.number()), until));
    }

    /// The answer with headers that tell who asked. Of an account that is not there yet, or while there
    /// is no database, they tell nothing.
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
