package holdfast.inventory;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What an operator has announced for a site or a host.
///
/// @param deadline when [State#PRE_MAINT] turns into [State#MAINT]
/// @param expectedEnd when it should be over
public record Maintenance(State state, Optional<Instant> deadline, Optional<Instant> expectedEnd) {
    public static final Maintenance ACTIVE = new Maintenance(State.ACTIVE, Optional.empty(), Optional.empty());

    /// How a site or host stands.
    public enum State {
        ACTIVE("Active"),
        PRE_MAINT("PreMaint"),
        MAINT("Maint"),
        UNKNOWN("Unknown");

        private final String word;

        State(String word) {
            this.word = word;
        }

        /// The word in files.
        public String word() {
            return word;
        }
    }

    /// The JSON text of `MaintenanceInfo`: entries by name of the site or host.
    static String write(Map<String, Maintenance> entries) {
        var members = new LinkedHashMap<String, Object>();
        entries.forEach((name, entry) -> {
            var member = new LinkedHashMap<String, Object>();
            member.put("state", entry.state.word);
            member.put("deadline", entry.deadline.map(Instant::toString));
            member.put("expected_end", entry.expectedEnd.map(Instant::toString));
            members.put(name, member);
        });
        return Json.write(members);
    }
}
