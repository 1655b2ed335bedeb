package holdfast.bench;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.time.Duration;
import org.jobrunr.configuration.JobRunr;
import org.jobrunr.jobs.lambdas.JobRequest;
import org.jobrunr.jobs.lambdas.JobRequestHandler;
import org.jobrunr.scheduling.JobRequestScheduler;
import org.jobrunr.server.BackgroundJobServerConfiguration;
import org.jobrunr.server.JobActivator;
import org.jobrunr.storage.sql.postgres.PostgresStorageProvider;
import org.jobrunr.utils.mapper.jackson3.Jackson3JsonMapper;

/// JobRunr, free edition. One unit is one job; its steps within a job are saved only now and then, so a unit of three
/// durable steps is a chain of three jobs of which each enqueues the next at its end. It polls each 5 s, the least
/// that it allows, and at once when workers become free.
final class JobRunrPeer implements Peer {
    private final HikariDataSource pool;
    private final JobRequestScheduler scheduler;

    /// @param step from 0
    public record Unit(int step, String text) implements JobRequest {
        @Override
        public Class<Handler> getJobRequestHandler() {
            return Handler.class;
        }
    }

    /// Runs one job, then asks for the next.
    public static final class Handler implements JobRequestHandler<Unit> {
        private final JobRunrPeer peer;
        private final int steps;
        private final Runnable ran;

        Handler(JobRunrPeer peer, int steps, Runnable ran) {
            this.peer = peer;
            this.steps = steps;
            this.ran = ran;
        }

        @Override
        public void run(Unit unit) {
            if (unit.step() + 1 == steps) {
                ran.run();
            } else {
                peer.scheduler.enqueue(new Unit(unit.step() + 1, unit.text()));
            }
        }
    }

    private final int steps;

    JobRunrPeer(HikariDataSource pool, int steps, Runnable ran) {
        this.steps = steps;
        this.pool = pool;
        var handler = new Handler(this, steps, ran);
        scheduler = JobRunr.configure()
                .useJsonMapper(new Jackson3JsonMapper())
                .useStorageProvider(new PostgresStorageProvider(pool))
                .useJobActivator(new JobActivator() {
                    @Override
                    public <T> T activateJob(Class<T> type) {
                        return type.cast(handler);
                    }
                })
                .useBackgroundJobServer(
                        BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration()
                                .andWorkerCount(WORKERS)
                                .andPollInterval(Duration.ofSeconds(5)))
                .initialize()
                .getJobRequestScheduler();
    }

    @Override
    public void enqueue(int number) {
        scheduler.enqueue(new Unit(0, Jobs.PAYLOAD));
    }

    @Override
    public int finished() throws SQLException {
        return Peer.count(pool, "select count(*) from jobrunr_jobs where state = 'SUCCEEDED'") / steps;
    }

    @Override
    public void close() {
        JobRunr.destroy();
    }
}
