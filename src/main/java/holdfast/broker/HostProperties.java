package holdfast.broker;

import static holdfast.db.Tables.UNIT_PROPERTY;

import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// Which of the properties that administrators gave to hosts are not shown to users (promise.md 5.4).
public final class HostProperties {
    private final Platform platform;

    HostProperties(Platform platform) {
        this.platform = platform;
    }

    /// What was said of a property.
    public record Mark(String name, boolean isPrivate, Instant created, Optional<Instant> updated) {}

    /// The names that users do not see.
    public Set<String> hidden(Tx tx) {
        return tx.sql()
                .select(UNIT_PROPERTY.NAME)
                .from(UNIT_PROPERTY)
                .where(UNIT_PROPERTY.PRIVATE)
                .fetchSet(UNIT_PROPERTY.NAME);
    }

    /// Hides a property, or shows it.
    ///
    /// @param name of one that some host has
    public Mark mark(Tx tx, String name, boolean hidden) {
        var now = platform.now();
        return tx.sql()
                .insertInto(UNIT_PROPERTY, UNIT_PROPERTY.NAME, UNIT_PROPERTY.PRIVATE, UNIT_PROPERTY.CREATED)
                .values(name, hidden, now)
                .onConflict(UNIT_PROPERTY.NAME)
                .doUpdate()
                .set(UNIT_PROPERTY.PRIVATE, hidden)
                .set(UNIT_PROPERTY.UPDATED, now)
                .returning()
                .fetchSingle(row ->
                        new Mark(name, row.getPrivate(), row.getCreated(), Optional.ofNullable(row.getUpdated())));
    }
}
