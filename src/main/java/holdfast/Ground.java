package holdfast;

import holdfast.calendar.Auditor;
import holdfast.calendar.Calendar;
import holdfast.calendar.Hot;
import holdfast.engine.Engine;
import holdfast.inventory.Models;
import holdfast.platform.Database;
import holdfast.platform.Platform;
import holdfast.platform.Secrets;
import java.nio.file.Path;

/// What all parts of a server stand on.
///
/// @param hot the places that this server knows by heart
record Ground(
        Platform platform,
        Database database,
        Engine engine,
        Secrets secrets,
        Calendar calendar,
        Hot hot,
        Models models) {

    /// @param data the data directory
    static Ground on(Platform platform, Database database, Path data) {
        var engine = new Engine(platform, database);
        var hot = new Hot(engine.id(), database);
        var calendar = new Calendar(hot);
        new Auditor(platform, database, engine, calendar);
        return new Ground(
                platform, database, engine, Secrets.open(data, System.getenv()), calendar, hot, new Models(platform));
    }

    /// A database that somebody else runs. User and password come from the environment, so that no process list
    /// shows them.
    static Database external(String url) {
        var environment = System.getenv();
        return Database.open(
                url,
                environment.getOrDefault("HOLDFAST_DATABASE_USER", "holdfast"),
                environment.getOrDefault("HOLDFAST_DATABASE_PASSWORD", ""));
    }
}
