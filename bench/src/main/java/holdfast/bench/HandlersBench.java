package holdfast.bench;

import holdfast.bench.Contest.Compare;
import holdfast.bench.Contest.Score;
import holdfast.bench.Outside.Way;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// What it costs that a process asks somebody outside: processes with one handler, whose program hears events from a
/// server as users start it and replies by publishing, all over HTTP on this machine.
final class HandlersBench {
    private static final int ROUNDS = Integer.getInteger("bench.rounds", 3);
    private static final long TIME = TimeUnit.SECONDS.toNanos(Integer.getInteger("bench.seconds", 3));
    private static final long LIMIT = TimeUnit.SECONDS.toNanos(60);
    private static final int PIECES = 20_000;
    private static final int CLIENTS = 8;
    private static final int OPEN = 64;
    private static final int IDLE_RUNS = 100;
    private static final String DECLARE =
            """
            {"name": "piece", "life": "default", "activates": true, "processes": {
              "rest": {"start": "active", "during": "resting", "done": "active"},
              "run": {"start": "active", "during": "running", "done": "active"}}}""";
    private static final String HANDLER = "{\"name\": \"outside\", \"processConfigs\": [{\"name\": \"piece.run\"}]}";
    private static final List<String> PARTS = List.of(
            "asked to call stored", "call stored to event heard", "event heard to reply taken", "reply taken to done");
    private static final String EVENT = "piece.run;handler=outside";

    private static final String OPEN_PROCESSES =
            "select id from process where result is null and resource_type in ('piece', 'externalHandler') limit 1";

    private final Stage stage;
    private final Up up;
    private final Client client;
    private final List<String> pieces;
    private final AtomicInteger next = new AtomicInteger();
    private final Map<String, Map<String, List<Long>>> parts = new LinkedHashMap<>();

    /// Who replies.
    private record Program(Way way, String event, int instances, int atOnce) {}

    private HandlersBench(Stage stage, Up up) throws Exception {
        this.stage = stage;
        this.up = up;
        this.client = new Client(
                up.port(), Files.readString(stage.directory().resolve("server/token")).strip());
        client.post("/v1/resourcedefinitions", DECLARE);
        client.post("/v1/externalhandlers", HANDLER);
        pieces = texts("""
                insert into resource (id, type, actor, name, state, project, data, created, updated)
                select uuidv7(), 'piece', 'resources', 'p' || i, 'active', 'default', '{"kind": "piece"}', now(), now()
                  from generate_series(1, %d) i
                returning id""".formatted(PIECES));
        awaitEnds();
    }

    static void run(List<String> options) throws Exception {
        try (var stage = Stage.open();
                var up = stage.up()) {
            var bench = new HandlersBench(stage, up);
            var programs = programs();
            if (!options.isEmpty()) {
                programs.keySet().retainAll(options);
            }
            for (var program : programs.values()) {
                bench.flow("warm-up", program);
            }
            bench.parts.clear(); // what was not yet warm
            Report.title("handlers: processes with one handler, " + CLIENTS + " clients ask for them, at most " + OPEN + " open");
            var contest = new Contest();
            programs.forEach((name, program) -> contest.add(name, () -> bench.flow(name, program)));
            try (var _ = Sampler.start(stage.database())) {
                contest.run(ROUNDS, Compare.NOTHING);
            }
            bench.print("handlers: the time of one in the crowd");
            for (var program : programs.entrySet()) {
                bench.idle(program.getKey(), program.getValue());
            }
            bench.print("handlers: one while nothing else happens");
        }
    }

    private static Map<String, Optional<Program>> programs() {
        var programs = new LinkedHashMap<String, Optional<Program>>();
        programs.put("no handler", Optional.empty());
        programs.put("WebSocket, 1 reply at once", Optional.of(new Program(Way.WEB_SOCKET, EVENT, 1, 1)));
        programs.put("WebSocket, 8 replies at once", Optional.of(new Program(Way.WEB_SOCKET, EVENT, 1, 8)));
        programs.put("4 WebSockets share", Optional.of(new Program(Way.WEB_SOCKET, EVENT + ";queue=q", 4, 8)));
        programs.put("POST stream, 8 replies at once", Optional.of(new Program(Way.STREAM, EVENT, 1, 8)));
        return programs;
    }

    private Score flow(String name, Optional<Program> program) throws Exception {
        var room = new Semaphore(OPEN);
        try (var outside = new Listening(program, room::release)) {
            var since = Instant.now();
            var before = Cpu.of(up.process().pid(), stage.postgres());
            long began = System.nanoTime();
            int asked = ask(program.isPresent(), room, began);
            awaitEnds();
            double seconds = (System.nanoTime() - began) / 1e9;
            var used = Cpu.of(up.process().pid(), stage.postgres()).since(before);
            note(name, since, asked, outside.heard());
            return new Score(asked / seconds, used.perUnit(asked));
        }
    }

    /// The program while it listens, or nobody.
    private final class Listening implements AutoCloseable {
        private final Optional<Outside> outside;

        Listening(Optional<Program> program, Runnable replied) throws InterruptedException {
            outside = program.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Outside(
                            client,
                            program.get().way,
                            program.get().event,
                            program.get().instances,
                            program.get().atOnce,
                            replied));
        }

        Map<String, Instant> heard() {
            return outside.map(one -> one.heard).orElse(Map.of());
        }

        @Override
        public void close() {
            outside.ifPresent(Outside::close);
        }
    }

    /// @return how many processes were asked for
    private int ask(boolean handled, Semaphore room, long began) throws Exception {
        var asked = new AtomicInteger();
        Callable<Boolean> asking = () -> {
            while (System.nanoTime() - began < TIME) {
                if (handled && !room.tryAcquire(LIMIT, TimeUnit.NANOSECONDS)) {
                    throw new IllegalStateException("no reply was taken for a minute");
                }
                ask(handled);
                asked.incrementAndGet();
            }
            return true;
        };
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var one : threads.invokeAll(Collections.nCopies(CLIENTS, asking))) {
                one.get();
            }
        }
        return asked.get();
    }

    private void ask(boolean handled) throws Exception {
        var piece = pieces.get(next.getAndIncrement() % PIECES);
        client.post("/v1/pieces/" + piece + "?action=" + (handled ? "run" : "rest"), "{}");
    }

    private void idle(String name, Optional<Program> program) throws Exception {
        try (var outside = new Listening(program, () -> {})) {
            var since = Instant.now();
            for (int i = 0; i < IDLE_RUNS; i++) {
                LockSupport.parkNanos(10_000_000); // so that the server rests again
                ask(program.isPresent());
                awaitEnds();
            }
            note(name, since, IDLE_RUNS, outside.heard());
        }
    }

    private void awaitEnds() throws SQLException {
        long began = System.nanoTime();
        while (!texts(OPEN_PROCESSES).isEmpty()) {
            if (System.nanoTime() - began > LIMIT) {
                throw new IllegalStateException("processes are still open after a minute");
            }
            LockSupport.parkNanos(5_000_000);
        }
    }

    /// Takes the times of processes from what the database has of them; all must be done, each with one reply
    /// taken.
    private void note(String name, Instant since, int asked, Map<String, Instant> heard) throws SQLException {
        int done = 0;
        try (var connection = stage.database().connect();
                var query = connection.prepareStatement("""
                        select p.created, p.ended, h.id, h.created, r.at
                          from process p left join handler_call h on h.process = p.id
                          left join handler_reply r on r.call = h.id and r.verdict = 'taken'
                         where p.created >= ? and p.result = 'done' and p.name in ('piece.run', 'piece.rest')""")) {
            query.setObject(1, since.atOffset(ZoneOffset.UTC));
            try (var rows = query.executeQuery()) {
                while (rows.next()) {
                    done++;
                    var times = new ArrayList<Instant>();
                    times.add(rows.getObject(1, OffsetDateTime.class).toInstant());
                    if (rows.getString(3) != null) {
                        times.add(rows.getObject(4, OffsetDateTime.class).toInstant());
                        times.add(heard.get(rows.getString(3)));
                        times.add(rows.getObject(5, OffsetDateTime.class).toInstant());
                    }
                    times.add(rows.getObject(2, OffsetDateTime.class).toInstant());
                    note(name, times);
                }
            }
        }
        if (done != asked) {
            throw new IllegalStateException(asked + " processes were asked for, and " + done + " are done");
        }
    }

    /// The moments of one process in their order; without a handler only its first and last.
    private void note(String name, List<Instant> times) {
        var spans = parts.computeIfAbsent(name, _ -> new LinkedHashMap<>());
        for (int i = 0; i < PARTS.size() && times.size() > 2; i++) {
            note(spans, PARTS.get(i), times.get(i), times.get(i + 1));
        }
        note(spans, "all of it", times.getFirst(), times.getLast());
    }

    private static void note(Map<String, List<Long>> spans, String part, Instant from, Instant until) {
        spans.computeIfAbsent(part, _ -> new ArrayList<>())
                .add(Duration.between(from, until).toNanos());
    }

    private void print(String title) {
        parts.forEach((name, spans) -> {
            Report.title(title + ": " + name);
            spans.forEach((part, times) -> Report.spread(
                    part, times.stream().mapToLong(Long::longValue).toArray()));
        });
        parts.clear();
    }

    private List<String> texts(String query) throws SQLException {
        try (var connection = stage.database().connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            var texts = new ArrayList<String>();
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
            return texts;
        }
    }
}
