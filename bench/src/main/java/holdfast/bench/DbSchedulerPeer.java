package holdfast.bench;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.CompletionHandler.OnCompleteRemove;
import com.github.kagkarlsson.scheduler.task.CompletionHandler.OnCompleteReplace;
import com.github.kagkarlsson.scheduler.task.SchedulableInstance;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;

/// db-scheduler. One unit is one row; for the next step the row is replaced by one of the next task in one update, and
/// deleted after the last. It keeps no record of what is done. Lock-and-fetch with the limits 1.0 and 4.0 that its
/// documentation names for high throughput; it polls each 50 ms, and at once when threads become free.
final class DbSchedulerPeer implements Peer {
    private static final TaskDescriptor<Payload> TASK = TaskDescriptor.of("step", Payload.class);
    private static final String TABLE =
            """
            create table scheduled_tasks (
                task_name text not null, task_instance text not null, task_data bytea, execution_time timestamptz, picked boolean not null,
                picked_by text, last_success timestamptz, last_failure timestamptz, consecutive_failures int, last_heartbeat timestamptz,
                version bigint not null, priority smallint, state text, primary key (task_name, task_instance));
            create index execution_time_idx on scheduled_tasks (execution_time);
            create index last_heartbeat_idx on scheduled_tasks (last_heartbeat)""";

    private final HikariDataSource pool;
    private final Scheduler scheduler;
    private final AtomicInteger asked = new AtomicInteger();

    /// @param step the one to run next, from 0
    record Payload(int step, String text) implements java.io.Serializable {}

    DbSchedulerPeer(HikariDataSource pool, int steps, Runnable ran) throws SQLException {
        this.pool = pool;
        try (var connection = pool.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(TABLE);
        }
        scheduler = Scheduler.create(pool, task(steps, ran))
                .threads(WORKERS)
                .pollUsingLockAndFetch(1.0, 4.0)
                .pollingInterval(Duration.ofMillis(50))
                .build();
        scheduler.start();
    }

    private static CustomTask<Payload> task(int steps, Runnable ran) {
        return Tasks.custom(TASK).execute((unit, _) -> {
            var payload = unit.getData();
            if (payload.step() + 1 == steps) {
                ran.run();
                return new OnCompleteRemove<>();
            }
            return new OnCompleteReplace<>(before -> next(before.getId(), new Payload(payload.step() + 1, payload.text())));
        });
    }

    private static SchedulableInstance<Payload> next(String id, Payload payload) {
        return TASK.instance(id).data(payload).scheduledTo(Instant.now());
    }

    @Override
    public void enqueue(int number) {
        scheduler.schedule(next(String.valueOf(number), new Payload(0, Jobs.PAYLOAD)));
        asked.incrementAndGet();
    }

    @Override
    public int finished() throws SQLException {
        return asked.get() - Peer.count(pool, "select count(*) from scheduled_tasks");
    }

    @Override
    public void close() {
        scheduler.stop();
    }
}
