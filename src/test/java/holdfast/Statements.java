package holdfast;

import java.util.ArrayList;
import java.util.function.Predicate;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// Counts what the database is sent, as its driver logs it.
public final class Statements {
    private Statements() {}

    /// How many statements the threads that answer requests send meanwhile.
    public static long during(Runnable request) {
        return count(request, thread -> thread.getName().contains("WebServer"));
    }

    /// How many statements all threads send meanwhile, also for what goes on all the time.
    public static long everywhere(Runnable work) {
        return count(work, _ -> true);
    }

    /// How many statements threads of one name send meanwhile.
    public static long of(String thread, Runnable work) {
        return count(work, one -> one.getName().equals(thread));
    }

    /// How many statements this thread sends meanwhile.
    public static long here(Runnable work) {
        var here = Thread.currentThread();
        return count(work, here::equals);
    }

    private static long count(Runnable work, Predicate<Thread> who) {
        var logger = Logger.getLogger("org.postgresql.core.v3.QueryExecutorImpl");
        var level = logger.getLevel();
        var parent = logger.getUseParentHandlers();
        var executed = new ArrayList<String>();
        var listener = new Handler() {
            @Override
            public synchronized void publish(LogRecord line) {
                if (line.getMessage() != null
                        && line.getMessage().contains("FE=> Execute")
                        && who.test(Thread.currentThread())) {
                    executed.add(line.getMessage());
                }
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        logger.setUseParentHandlers(false);
        logger.addHandler(listener);
        logger.setLevel(Level.FINEST);
        try {
            work.run();
        } finally {
            logger.setLevel(level);
            logger.removeHandler(listener);
            logger.setUseParentHandlers(parent);
        }
        return executed.size();
    }
}
