package holdfast.bench;

import com.zaxxer.hikari.HikariDataSource;
import dev.dbos.transact.DBOS;
import dev.dbos.transact.StartWorkflowOptions;
import dev.dbos.transact.config.DBOSConfig;
import dev.dbos.transact.workflow.Queue;
import dev.dbos.transact.workflow.Workflow;
import java.sql.SQLException;
import java.time.Duration;

/// DBOS Transact. One unit is a workflow with steps, put into a queue without a limit that is polled each 100 ms (the
/// default is 1 s), or started at once without a queue, which is as durable and leaves the flow to the caller.
final class DbosPeer implements Peer {
    private final HikariDataSource pool;
    private final DBOS dbos;
    private final Work work;
    private final StartWorkflowOptions options;

    /// What a unit is; the library wraps interfaces.
    public interface Work {
        int run(String payload);
    }

    /// Its steps.
    public record Steps(DBOS dbos, int count, Runnable ran) implements Work {
        @Workflow(name = "work")
        @Override
        public int run(String payload) {
            int length = 0;
            for (int i = 0; i < count; i++) {
                length += dbos.runStep(payload::length, "step" + i);
            }
            ran.run();
            return length;
        }
    }

    DbosPeer(HikariDataSource pool, int steps, Runnable ran, boolean queued) {
        this.pool = pool;
        var config = DBOSConfig.defaults("bench").withDataSource(pool).withAdminServer(false);
        dbos = new DBOS(config);
        work = dbos.registerProxy(Work.class, new Steps(dbos, steps, ran));
        var queue = new Queue("bench").withPollingInterval(Duration.ofMillis(100));
        dbos.registerQueue(queue);
        options = queued ? new StartWorkflowOptions().withQueue(queue) : new StartWorkflowOptions();
        dbos.launch();
    }

    @Override
    public void enqueue(int number) {
        dbos.startWorkflow(() -> work.run(Jobs.PAYLOAD), options);
    }

    @Override
    public int finished() throws SQLException {
        return Peer.count(pool, "select count(*) from dbos.workflow_status where status = 'SUCCESS'");
    }

    @Override
    public void close() {
        dbos.close();
    }
}
