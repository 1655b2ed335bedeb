package holdfast.api.resources;

import static holdfast.db.Tables.JOURNAL;
import static holdfast.db.Tables.PROCESS;

import holdfast.engine.Journal;
import holdfast.pools.Access;
import org.jooq.Condition;

/// What somebody may see of what happens: to resources of the own project, if their types are for everybody.
final class Seen {
    private Seen() {}

    static Condition journal(Viewer viewer) {
        return Access.journalSeenBy(viewer.caller())
                .and(JOURNAL.TYPE.notIn(viewer.kinds().hidden(viewer.caller())));
    }

    static Condition processes(Viewer viewer) {
        return Access.processesSeenBy(viewer.caller())
                .and(PROCESS.RESOURCE_TYPE.notIn(viewer.kinds().hidden(viewer.caller())));
    }

    static boolean entry(Viewer viewer, Journal.Entry entry) {
        return Access.maySee(viewer.caller(), entry.type(), entry.project())
                && viewer.kinds()
                        .find(entry.type())
                        .filter(type -> !Methods.may(viewer.caller(), type, 'r'))
                        .isEmpty();
    }
}
