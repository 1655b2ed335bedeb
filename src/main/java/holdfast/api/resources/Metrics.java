package holdfast.api.resources;

import holdfast.calendar.Auditor;
import holdfast.engine.Engine;
import holdfast.platform.Database;
import holdfast.platform.HttpReply;
import holdfast.pools.Access;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;

/// Numbers for those who watch over a server.
final class Metrics {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final MultiGauge census = MultiGauge.builder("holdfast.resources")
            .description("Resources by type and state")
            .register(registry);
    private final MultiGauge overbooked = MultiGauge.builder("holdfast.overbooked")
            .description("Where the audit has found more promised than there is, by why")
            .register(registry);
    private final Database database;
    private final Engine engine;

    Metrics(Database database, Engine engine) {
        this.database = database;
        this.engine = engine;
        new JvmMemoryMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        database.tell(registry);
    }

    /// A request was answered.
    ///
    /// @param route its pattern, never the path itself: there are only so many
    void answered(String method, String route, int status, Duration took) {
        Timer.builder("holdfast.http.requests")
                .description("Answered requests")
                .tags("method", method, "route", route, "status", String.valueOf(status))
                .register(registry)
                .record(took);
    }

    /// `GET /metrics`, as Prometheus reads it.
    HttpReply show(Ask ask) {
        Access.mayOperate(ask.caller(), "read the metrics of all projects").ifPresent(why -> {
            throw Problem.of(why);
        });
        var rows = new ArrayList<MultiGauge.Row<?>>();
        database.inTransaction(tx -> engine.resources().census(tx))
                .forEach((type, states) -> states.forEach(
                        (state, count) -> rows.add(MultiGauge.Row.of(Tags.of("type", type, "state", state), count))));
        census.register(rows, true);
        var found = new ArrayList<MultiGauge.Row<?>>();
        database.inTransaction(Auditor::findings)
                .forEach((why, count) -> found.add(MultiGauge.Row.of(Tags.of("why", why), count)));
        overbooked.register(found, true);
        return HttpReply.of(200, "text/plain; version=0.0.4; charset=utf-8", registry.scrape());
    }
}
