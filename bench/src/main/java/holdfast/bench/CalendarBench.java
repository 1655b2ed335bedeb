package holdfast.bench;

import static holdfast.bench.FullCalendar.BOOK;
import static holdfast.bench.FullCalendar.HOT;
import static holdfast.bench.FullCalendar.YEAR;

import holdfast.calendar.Booking;
import holdfast.calendar.Calendar;
import holdfast.calendar.Quantity;
import holdfast.core.Answer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// How fast capacity is promised for the future, and how that grows with what is promised already.
final class CalendarBench {
    private static final int[] CLIENTS = numbers("bench.clients", "1,8,64");
    private static final int[] RATES = numbers("bench.perSecond", "500,1000,2000");
    private static final long TIME = TimeUnit.MILLISECONDS.toNanos(Integer.getInteger("bench.millis", 1_000));

    /// Long enough that one pause of the virtual machine is not all that the 99th percentile tells of.
    private static final long PACED = TimeUnit.MILLISECONDS.toNanos(Integer.getInteger("bench.pacedMillis", 10_000));

    private final boolean full;
    private final Calendar calendar = new Calendar();
    /// What is compared between the largest and the smallest: the 50th percentile of one client.
    private final Map<String, Map<Integer, Double>> growth = new LinkedHashMap<>();

    private CalendarBench(boolean full) {
        this.full = full;
    }

    static void run(List<String> options) throws Exception {
        boolean full = options.contains("--full");
        var parts = options.stream().filter(word -> !word.startsWith("--")).toList();
        int[] sizes = numbers("bench.sizes", full ? "1000,10000,100000,1000000" : "1000,100000,1000000");
        int[] dimensions = numbers("bench.dimensions", full ? "4,11" : "4");
        var bench = new CalendarBench(full);
        try (var stage = Stage.open()) {
            bench.warmUp(stage);
            if (wanted(parts, "methods")) {
                for (int size : full ? sizes : new int[] {sizes[0], sizes[sizes.length - 1]}) {
                    methods(stage, size / 10);
                }
            }
        }
        if (wanted(parts, "book") || wanted(parts, "paced") || wanted(parts, "read")) {
            for (int many : dimensions) {
                for (int size : sizes) {
                    bench.measure(size, many, parts);
                }
                bench.compare(sizes, many);
            }
        }
        if (wanted(parts, "whole")) {
            for (int hosts : full ? new int[] {4, 60, 600} : new int[] {4, 60}) {
                WholeReservations.measure(hosts, CLIENTS, RATES, TIME);
            }
        }
    }

    /// Or the first would look slower than it is.
    private void warmUp(Stage stage) throws Exception {
        var filled = FullCalendar.fill(stage.database(), 1_000, 4);
        Crowd.ask(8, 2 * TIME, random -> alone(filled, filled.mixed(random)) instanceof Answer.Yes);
        filled.restore();
    }

    private static boolean wanted(List<String> parts, String part) {
        return parts.isEmpty() || parts.contains(part);
    }

    private static int[] numbers(String property, String otherwise) {
        return Arrays.stream(System.getProperty(property, otherwise).split(","))
                .mapToInt(Integer::parseInt)
                .toArray();
    }

    private void measure(int size, int dimensions, List<String> parts) throws Exception {
        try (var stage = Stage.open("calendar-" + size + "-" + dimensions);
                var _ = Sampler.start(stage.database())) {
            long began = System.nanoTime();
            var filled = FullCalendar.in(stage.database(), size, dimensions);
            Report.title("calendar: %,d bookings, %,d of them in the hot place, %d dimensions".formatted(size, size / 10, dimensions));
            Report.millis("to load them", (System.nanoTime() - began) / 1e6);
            if (wanted(parts, "book")) {
                books(filled);
            }
            if (wanted(parts, "paced")) {
                paced(filled);
            }
            if (wanted(parts, "read")) {
                reads(filled);
            }
        }
    }

    private void books(FullCalendar filled) throws Exception {
        admissions(filled, "calendar, spread", filled::spread, booking -> alone(filled, booking));
        admissions(filled, "calendar, hot place", filled::hot, booking -> alone(filled, booking));
        try (var server = HotServer.open(filled.database())) {
            server.heat(filled);
            admissions(filled, "admissions, hot place", filled::hot, server::book);
            server.heat(filled);
            admissions(filled, "admissions, as they are spread", filled::mixed, server::book);
        }
    }

    private Answer<?> alone(FullCalendar filled, Booking booking) {
        return filled.database().inTransaction(tx -> calendar.book(tx, booking));
    }

    /// What it must bear: so many a second in all, spread as the bookings are.
    private static void paced(FullCalendar filled) throws Exception {
        try (var server = HotServer.open(filled.database())) {
            server.heat(filled);
            Crowd.Question question = random -> server.book(filled.mixed(random)) instanceof Answer.Yes;
            Crowd.paced(1_000, RATES[0], PACED, question); // what has just begun is compiled while it runs
            for (int perSecond : RATES) {
                var crowd = Crowd.paced(1_000, perSecond, PACED, question);
                Report.served(
                        "admissions, %,d asked for each second".formatted(perSecond), crowd.nanos(), crowd.perSecond());
            }
        }
        filled.restore();
    }

    private void admissions(
            FullCalendar filled,
            String what,
            Function<SplittableRandom, Booking> next,
            Function<Booking, Answer<?>> admission)
            throws Exception {
        asked(filled, CLIENTS, what, random -> admission.apply(next.apply(random)) instanceof Answer.Yes);
        filled.restore();
    }

    private void reads(FullCalendar filled) throws Exception {
        var hot = List.of(HOT);
        asked(filled, CLIENTS, "least free in a day, hot place", random -> {
            var day = FullCalendar.window(random, 24);
            return !filled.database().inTransaction(tx -> calendar.free(tx, BOOK, hot, day)).isEmpty();
        });
        asked(filled, new int[] {1}, "profile of the year, hot place", _ -> !filled.database()
                .inTransaction(tx -> calendar.profiles(tx, BOOK, hot, YEAR, Quantity.FREE))
                .isEmpty());
        try (var server = HotServer.open(filled.database())) {
            server.heat(filled);
            asked(filled, CLIENTS, "least free in a day, known by heart", random -> {
                var day = FullCalendar.window(random, 24);
                return !filled.database().inTransaction(tx -> server.calendar().free(tx, BOOK, hot, day)).isEmpty();
            });
            asked(filled, new int[] {1}, "profile of the year, known by heart", _ -> !filled.database()
                    .inTransaction(tx -> server.calendar().profiles(tx, BOOK, hot, YEAR, Quantity.FREE))
                    .isEmpty());
        }
        filled.restore();
    }

    private void asked(FullCalendar filled, int[] crowds, String what, Crowd.Question question) throws Exception {
        for (int clients : crowds) {
            var crowd = Crowd.ask(clients, TIME, question);
            Report.served(what + ", " + clients + (clients == 1 ? " client" : " clients"), crowd.nanos(), crowd.perSecond());
            if (clients == 1) {
                growth.computeIfAbsent(what + ", " + filled.dimensions() + " dimensions", _ -> new LinkedHashMap<>())
                        .put(filled.bookings(), 1e3 / crowd.perSecond());
            }
        }
    }

    /// How many times longer one takes with the most bookings than with the fewest.
    private void compare(int[] sizes, int dimensions) {
        if (sizes.length < 2) {
            return;
        }
        int least = sizes[0];
        int most = sizes[sizes.length - 1];
        Report.title("calendar: growth of the mean time for one client, %,d bookings to %,d".formatted(most, least));
        growth.forEach((what, millis) -> {
            if (what.endsWith(", " + dimensions + " dimensions") && millis.containsKey(least) && millis.containsKey(most)) {
                Report.ratios(what, new double[] {millis.get(most)}, new double[] {millis.get(least)});
            }
        });
    }

    private static void methods(Stage stage, int claims) throws Exception {
        try (var methods = CalendarMethods.fill(stage.database(), claims)) {
            Report.title("calendar: other ways, one pool with %,d claims, one dimension, 8 clients".formatted(claims));
            for (var method : methods.all()) {
                var crowd = Crowd.ask(8, TIME, method.client());
                methods.leave();
                Report.served(method.name(), crowd.nanos(), crowd.perSecond());
            }
        }
    }
}
