package holdfast.platform;

import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;

/// The schema of the database: the SQL files of `db/migrations`, applied in the order of their versions, each once.
final class Migrations {
    /// The oldest PostgreSQL that we are tested with.
    private static final int OLDEST = 15;

    /// Where the files are in the jar.
    static final String IN_JAR = "classpath:db/migrations";

    private Migrations() {}

    /// @param location [#IN_JAR], or `filesystem:` and a directory
    /// @throws CannotStartException when the database cannot be reached, is too old or too new, or a file fails
    static void apply(DataSource server, String location) {
        requireVersion(server);
        try {
            var flyway = flyway(server, location);
            for (MigrationInfo applied : flyway.info().applied()) {
                if (applied.getState() == MigrationState.FUTURE_SUCCESS)
                    throw new CannotStartException("The database was written by a newer holdfast (its schema is at "
                            + applied.getVersion() + " " + applied.getDescription()
                            + ", which this one does not know). Start that version again, or restore a backup made by this one"
                            + " into an empty database.");
            }
            flyway.migrate();
        } catch (FlywayException e) {
            throw new CannotStartException("The database schema cannot be brought up to date: " + e.getMessage(), e);
        }
    }

    /// The version that the schema of a database has reached, if it has any.
    static Optional<String> version(DataSource server) {
        return Optional.ofNullable(flyway(server, IN_JAR).info().current())
                .map(info -> info.getVersion().getVersion());
    }

    private static Flyway flyway(DataSource server, String location) {
        return Flyway.configure()
                .dataSource(server)
                .locations(location)
                .failOnMissingLocations(true)
                .load();
    }

    private static void requireVersion(DataSource server) {
        try (var connection = server.getConnection()) {
            int version = connection.getMetaData().getDatabaseMajorVersion();
            if (version < OLDEST)
                throw new CannotStartException("The database is PostgreSQL "
                        + connection.getMetaData().getDatabaseProductVersion() + "; holdfast needs version " + OLDEST
                        + " or newer.");
        } catch (SQLException e) {
            throw new CannotStartException(
                    "The database cannot be reached: " + e.getMessage()
                            + " Check the URL, the user and the password, and that it takes connections from this host.",
                    e);
        }
    }
}
