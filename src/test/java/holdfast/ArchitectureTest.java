package holdfast;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The borders of the house, read from the compiled classes: who may import whom, and who may touch the world outside.
class ArchitectureTest {
    private static final Set<String> FOUR = Set.of("core", "protocol", "platform", "engine");
    private static final Set<String> SERVICES = Set.of(
            "inventory", "calendar", "notifications", "orchestrator", "pools", "federation", "authority", "broker");

    /// Who may import whom, beside itself. `db` are the classes generated from the schema; ways in may state
    /// conditions of what they list, the command line and the drivers have no business there.
    private static final Map<String, Set<String>> MAY_IMPORT = Map.ofEntries(
            Map.entry("core", Set.of()),
            Map.entry("protocol", Set.of("core")),
            Map.entry("platform", Set.of("core")),
            Map.entry("db", Set.of()),
            Map.entry("engine", Set.of("core", "protocol", "platform", "db")),
            Map.entry("inventory", four("db")),
            Map.entry("calendar", four("db")),
            Map.entry("notifications", four("db")),
            Map.entry("orchestrator", four("db", "pools")),
            Map.entry("pools", four("db", "inventory")),
            Map.entry("federation", four("db", "inventory")),
            Map.entry("authority", four("db", "inventory", "calendar")),
            Map.entry("broker", four("db", "inventory", "calendar", "pools")),
            Map.entry("api", with(four("db"), SERVICES)),
            Map.entry("console", with(FOUR, SERVICES)),
            Map.entry("cli", with(FOUR, SERVICES)),
            Map.entry("drivers", Set.of("authority", "core", "platform")));

    /// In these folders each subfolder is a house of its own: none imports its neighbour.
    private static final Set<String> HOUSES_OF_THEIR_OWN = Set.of("api", "drivers");

    /// All that a driver may know of the authority.
    private static final Pattern DRIVER_PORT =
            Pattern.compile("holdfast/authority/(Driver|Cloud|CloudThings|Bus|Fabric|Patience)(\\$.*)?");

    private static final Pattern OURS = Pattern.compile("holdfast/(?:[a-z0-9_]+/)*[A-Z]\\w*");

    /// Time and chance, which a simulation decides, and the database, which has one way in. The wiring hands them
    /// on.
    private static final Pattern PLATFORM_ONLY = Pattern.compile(String.join(
            "|",
            "java/time/(Instant|Local\\w+|Offset\\w+|ZonedDateTime|Year|YearMonth|MonthDay)\\.now",
            "java/time/Clock\\.(system|tick)\\w*",
            "java/time/InstantSource\\.system",
            "java/lang/System\\.(currentTimeMillis|nanoTime)",
            "java/lang/Math\\.random",
            "java/util/UUID\\.randomUUID",
            "java/util/(Random|SplittableRandom)\\.<init>",
            "java/util/concurrent/ThreadLocalRandom\\.current",
            "java/util/random/RandomGenerator\\.(of|getDefault)",
            "java/security/SecureRandom\\.(<init>|getInstance\\w*)",
            "java/sql/DriverManager\\.\\w+",
            "com/zaxxer/hikari/.*"));

    /// Files, sockets and programs, which ways out (drivers), the command line and the wiring may use as well.
    private static final Pattern OUTSIDE_WORLD = Pattern.compile(String.join(
            "|",
            "java/nio/file/Files\\..*",
            "java/io/(File(Input|Output)Stream|FileReader|FileWriter|RandomAccessFile)\\.<init>",
            "java/net/(Socket|ServerSocket|DatagramSocket)\\.<init>",
            "java/net/http/HttpClient\\..*",
            "java/nio/channels/\\w*Channel\\.open",
            "java/lang/ProcessBuilder\\.<init>",
            "java/lang/Runtime\\.exec"));

    private static final Set<String> MEETS_THE_WORLD = Set.of("platform", "drivers", "cli", "");

    @Test
    void folders_import_only_what_the_table_allows() throws IOException {
        var wrong = new TreeSet<String>();
        for (var from : classes(Path.of(mainClasses())))
            for (var to : imports(from)) if (!mayImport(name(from), to)) wrong.add(name(from) + " imports " + to);
        assertThat(wrong).isEmpty();
    }

    @Test
    void only_the_platform_touches_clock_chance_and_database() throws IOException {
        assertThat(calls(PLATFORM_ONLY, Set.of("platform", ""))).isEmpty();
    }

    @Test
    void only_platform_drivers_and_command_line_touch_files_sockets_and_programs() throws IOException {
        assertThat(calls(OUTSIDE_WORLD, MEETS_THE_WORLD)).isEmpty();
    }

    @Test
    void every_folder_is_in_the_table() throws IOException {
        var folders = classes(Path.of(mainClasses())).stream()
                .map(model -> folder(name(model)))
                .filter(folder -> !folder.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(MAY_IMPORT.keySet()).containsAll(folders);
    }

    @Test
    void the_rules_tell_right_from_wrong() {
        assertThat(mayImport("holdfast/broker/Broker", "holdfast/calendar/Calendar"))
                .isTrue();
        assertThat(mayImport("holdfast/broker/Broker", "holdfast/orchestrator/Orchestrator"))
                .isFalse();
        assertThat(mayImport("holdfast/core/Interval", "holdfast/protocol/Ticket"))
                .isFalse();
        assertThat(mayImport("holdfast/drivers/qemu/Machines", "holdfast/authority/Driver$Key"))
                .isTrue();
        assertThat(mayImport("holdfast/drivers/qemu/Machines", "holdfast/authority/Leases"))
                .isFalse();
        assertThat(mayImport("holdfast/drivers/qemu/Machines", "holdfast/drivers/qemu/Guest"))
                .isTrue();
        assertThat(mayImport("holdfast/drivers/qemu/Machines", "holdfast/drivers/network/Bridge"))
                .isFalse();
        assertThat(mayImport("holdfast/api/rear/Rear", "holdfast/api/blazar/Lease"))
                .isFalse();
        assertThat(mayImport("holdfast/Server", "holdfast/drivers/qemu/Machines"))
                .isTrue();
    }

    @Test
    void a_forbidden_call_and_a_mention_in_a_signature_are_seen() throws IOException {
        try (var bytes = ArchitectureTest.class.getResourceAsStream("ArchitectureTest$Sinner.class")) {
            var sinner = ClassFile.of().parse(bytes.readAllBytes());
            assertThat(calls(sinner, PLATFORM_ONLY))
                    .containsExactly("java/lang/System.nanoTime", "java/util/UUID.randomUUID");
            assertThat(imports(sinner)).contains("holdfast/TestDatabase");
        }
    }

    @SuppressWarnings("unused")
    private static final class Sinner {
        static long now(java.util.List<TestDatabase> onlyInTheGenericSignature) {
            java.util.function.Supplier<java.util.UUID> reference = java.util.UUID::randomUUID;
            return System.nanoTime() + reference.get().hashCode();
        }
    }

    private static boolean mayImport(String from, String to) {
        var ours = folder(from);
        var theirs = folder(to);
        if (ours.isEmpty()) return true; // the wiring knows everything
        if (ours.equals(theirs))
            return !HOUSES_OF_THEIR_OWN.contains(ours)
                    || packageOf(from).equals(packageOf(to))
                    || packageOf(to).equals("holdfast/" + ours);
        if (ours.equals("drivers") && theirs.equals("authority"))
            return DRIVER_PORT.matcher(to).matches();
        return MAY_IMPORT.getOrDefault(ours, Set.of()).contains(theirs);
    }

    private static Map<String, Set<String>> calls(Pattern forbidden, Set<String> except) throws IOException {
        var found = new TreeMap<String, Set<String>>();
        for (var model : classes(Path.of(mainClasses()))) {
            if (except.contains(folder(name(model)))) continue;
            var calls = calls(model, forbidden);
            if (!calls.isEmpty()) found.put(name(model), calls);
        }
        return found;
    }

    private static Set<String> calls(ClassModel model, Pattern forbidden) {
        var calls = new TreeSet<String>();
        for (var entry : model.constantPool()) {
            if (entry instanceof MemberRefEntry call) {
                var name = call.owner().asInternalName() + "." + call.name().stringValue();
                if (forbidden.matcher(name).matches()) calls.add(name);
            }
        }
        return calls;
    }

    /// Classes of ours that a class mentions: by use, in descriptors, signatures and annotations.
    private static Set<String> imports(ClassModel model) {
        var found = new TreeSet<String>();
        for (var entry : model.constantPool()) {
            if (entry instanceof Utf8Entry text) {
                var names = OURS.matcher(text.stringValue());
                while (names.find()) found.add(names.group());
            }
        }
        return found;
    }

    private static Set<ClassModel> classes(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            var found = new java.util.LinkedHashSet<ClassModel>();
            for (var file : files.filter(f -> f.toString().endsWith(".class")).toList())
                found.add(ClassFile.of().parse(file));
            assertThat(found).as("classes in " + root).hasSizeGreaterThan(10);
            return found;
        }
    }

    private static String mainClasses() {
        return Path.of(Main.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .getPath())
                .toString();
    }

    private static String name(ClassModel model) {
        return model.thisClass().asInternalName();
    }

    /// The part after `holdfast/`: `core`, `drivers`, ...; empty for the classes of `holdfast` itself.
    private static String folder(String className) {
        var parts = className.split("/");
        return parts.length > 2 ? parts[1] : "";
    }

    private static String packageOf(String className) {
        return className.substring(0, className.lastIndexOf('/'));
    }

    private static Set<String> four(String... more) {
        return with(FOUR, Set.of(more));
    }

    private static Set<String> with(Set<String> some, Set<String> more) {
        return Stream.concat(some.stream(), more.stream()).collect(Collectors.toUnmodifiableSet());
    }
}
