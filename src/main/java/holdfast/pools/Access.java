package holdfast.pools;

import static holdfast.db.Tables.JOURNAL;
import static holdfast.db.Tables.NOTICE;
import static holdfast.db.Tables.PROCESS;
import static holdfast.db.Tables.RESOURCE;

import holdfast.core.Caller;
import holdfast.core.Refusal;
import java.util.Optional;
import java.util.Set;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;

/// The one place that decides who may see and change what belongs to a project (fabric.md 10, row 33).
public final class Access {
    private static final Set<String> SEEN_BY_ALL = Set.of("site", "pool");

    private Access() {}

    /// Members of the project and administrators see it; for others it does not exist.
    public static boolean maySee(Caller caller, String project) {
        return caller.admin() || caller.project().equals(project);
    }

    /// Sites are for everybody to see: who asks for something must know what there is.
    public static boolean maySee(Caller caller, String type, String project) {
        return maySee(caller, project) || SEEN_BY_ALL.contains(type);
    }

    /// Selects the resources that the caller may see.
    public static Condition seenBy(Caller caller) {
        return seenBy(caller, RESOURCE.TYPE, RESOURCE.PROJECT);
    }

    /// Selects the resources of one type that the caller may see, in a form that an index can serve. The type
    /// itself is not part of the condition.
    public static Condition seenBy(Caller caller, String type) {
        return caller.admin() || SEEN_BY_ALL.contains(type) ? DSL.noCondition() : RESOURCE.PROJECT.eq(caller.project());
    }

    /// Selects the entries of the journal that the caller may see: those about resources that it may see.
    public static Condition journalSeenBy(Caller caller) {
        return seenBy(caller, JOURNAL.TYPE, JOURNAL.PROJECT);
    }

    /// Selects the processes that the caller may see: those of resources that it may see.
    public static Condition processesSeenBy(Caller caller) {
        return caller.admin()
                ? DSL.noCondition()
                : PROCESS.RESOURCE.in(DSL.select(RESOURCE.ID).from(RESOURCE).where(seenBy(caller)));
    }

    /// Selects the notices that the caller may hear: those of its project, and those of no project, which are for
    /// everybody.
    public static Condition noticesSeenBy(Caller caller) {
        return caller.admin() ? DSL.noCondition() : NOTICE.PROJECT.in(caller.project(), "");
    }

    /// The same as [#noticesSeenBy], for one.
    ///
    /// @param project empty = of none
    public static boolean mayHear(Caller caller, String project) {
        return project.isEmpty() || maySee(caller, project);
    }

    private static Condition seenBy(Caller caller, Field<String> type, Field<String> project) {
        return caller.admin() ? DSL.noCondition() : project.eq(caller.project()).or(type.in(SEEN_BY_ALL));
    }

    /// @param owner the user who made it
    /// @param what in words, for the refusal
    /// @return why not, if not
    public static Optional<Refusal> mayDelete(Caller caller, String project, String owner, String what) {
        return may("delete", caller, project, owner, what);
    }

    /// As [#mayDelete].
    public static Optional<Refusal> mayChange(Caller caller, String project, String owner, String what) {
        return may("change", caller, project, owner, what);
    }

    private static Optional<Refusal> may(String verb, Caller caller, String project, String owner, String what) {
        if (!maySee(caller, project)) {
            return Optional.of(Refusal.notThere("there is no " + what));
        }
        return caller.admin() || caller.user().equals(owner)
                ? Optional.empty()
                : Optional.of(Refusal.notYours(
                        "only " + owner + ", who made it, or an administrator may " + verb + " " + what));
    }

    /// Ends a contract with another domain before its time: those for whom it was bought may, and administrators.
    ///
    /// @param bought whether it was bought here, or sold
    /// @param project for which it was bought
    public static Optional<Refusal> mayRelease(Caller caller, boolean bought, String project) {
        return bought && maySee(caller, project) ? Optional.empty() : mayOperate(caller, "end what was sold here");
    }

    /// Sites, delegations and all that belongs to the installation.
    public static Optional<Refusal> mayOperate(Caller caller, String what) {
        return caller.admin() ? Optional.empty() : Optional.of(Refusal.notYours("only an administrator may " + what));
    }
}
