package holdfast.pools;

import holdfast.core.Caller;
import holdfast.core.Interval;
import holdfast.platform.Json;
import holdfast.pools.ExternalPolicy.Moment;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/// What an external policy hears of: a reservation in Blazar's words, with what would be booked for it.
///
/// @param caller who asks
/// @param lease as it would be, or was
/// @param current as it is before a change
public record PolicyQuestion(Moment moment, Caller caller, Lease lease, Optional<Lease> current) {
    /// A reservation.
    ///
    /// @param id empty of what is not there yet
    /// @param user who made it
    /// @param warnAt when its end is announced
    /// @param reservations what it consists of, each with its `allocations`
    public record Lease(
            Optional<UUID> id,
            String name,
            String user,
            String project,
            Interval when,
            Optional<Instant> warnAt,
            List<ObjectNode> reservations) {
        public Lease {
            reservations = List.copyOf(reservations);
        }

        /// Whether who agrees to this agrees to the other: the same, which may begin later, since time passes
        /// while somebody is asked.
        boolean covers(Lease other) {
            return equals(new Lease(
                            other.id, other.name, other.user, other.project, when, other.warnAt, other.reservations))
                    && when.until().equals(other.when.until())
                    && !other.when.from().isBefore(when.from());
        }

        private ObjectNode json() {
            var json = Json.object();
            id.ifPresent(known -> json.put("id", known.toString()));
            json.put("name", name)
                    .put("user_id", user)
                    .put("project_id", project)
                    .put("start_date", date(when.from()))
                    .put("end_date", when.isBounded() ? date(when.until()) : null)
                    .put("before_end_date", warnAt.map(PolicyQuestion::date).orElse(null));
            json.putArray("reservations").addAll(reservations);
            return json;
        }
    }

    /// Whether who agrees to this agrees to the other.
    public boolean covers(PolicyQuestion other) {
        return moment == other.moment && caller.equals(other.caller) && lease.covers(other.lease);
    }

    /// As it is sent, and kept until then.
    public ObjectNode body() {
        var body = Json.object();
        body.putObject("context").put("user_id", caller.user()).put("project_id", caller.project());
        body.set("lease", lease.json());
        current.ifPresent(before -> body.set("current_lease", before.json()));
        return body;
    }

    /// In UTC, which is not said.
    public static String date(Instant time) {
        return DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(time.atOffset(ZoneOffset.UTC));
    }
}
