package holdfast.engine;

import static java.util.stream.Collectors.toUnmodifiableMap;

import holdfast.core.Copies;
import holdfast.engine.SettingRule.Flag;
import holdfast.engine.SettingRule.Names;
import holdfast.engine.SettingRule.Whole;
import holdfast.platform.Json;
import holdfast.platform.Secrets;
import holdfast.platform.Tx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What an administrator may change while the servers run (cattle.md 2.6, 6.11). Kept as resources of type `setting`;
/// each server reads them anew together with types and handlers, so that looking one up costs nothing.
public final class RuntimeSettings implements Registry.Reader {
    private static final Logger LOG = LoggerFactory.getLogger(RuntimeSettings.class);
    public static final String TYPE = "setting";
    private static final String VALUE = "value";
    private static final int DAY_MILLIS = 86_400_000;
    private static final int YEAR_SECONDS = 31_536_000;
    private static final int MOST = 10_000;
    private static final Pattern POINT =
            Pattern.compile("process\\.(.+)\\.(?:handlers|pre\\.listeners|post\\.listeners)\\.(list|include|exclude)");

    private static final Known PROVISIONING = new Known(
            "provisioning.enabled",
            "true",
            new Flag(),
            "Whether processes run. While they do not, requests are taken and wait.");
    private static final Known LONGEST_PAUSE = new Known(
            "process.retry_max_wait.millis",
            "120000",
            new Whole(100, DAY_MILLIS),
            "The longest pause before a handler outside that failed is asked again.");
    private static final Known SENDS = new Known(
            "eventing.retry",
            "1",
            new Whole(1, 1_000),
            "How often an event is sent in all to a handler that does not say it itself.");
    private static final Known PATIENCE = new Known(
            "eventing.timeout.millis",
            "45000",
            new Whole(1_000, DAY_MILLIS),
            "How long each answer is waited for, of a handler that does not say it itself.");
    private static final Known RESTORABLE = new Known(
            "object.remove.time.delay.seconds",
            "600",
            new Whole(0, YEAR_SECONDS),
            "How long what is removed can be restored before it is purged.");
    private static final Known CHECKING = new Known(
            "idempotent.checks",
            "false",
            new Flag(),
            "For tests of handlers outside: each is asked twice, and differing answers are an error.");
    private static final Known OVER = new Known(
            "records.over.keep.days",
            "90",
            new Whole(1, 3_650),
            "How long slices, reservations, leases and what else parts of Holdfast keep are remembered after their end.");

    private final Resources resources;
    private final Journal journal;
    private final Definitions definitions;
    private final Registry registry;
    private final List<Known> always = new CopyOnWriteArrayList<>(
            List.of(PROVISIONING, LONGEST_PAUSE, SENDS, PATIENCE, RESTORABLE, CHECKING, OVER));
    private volatile Map<String, String> values = Map.of();

    RuntimeSettings(Resources resources, Journal journal, Definitions definitions, Registry registry) {
        this.resources = resources;
        this.journal = journal;
        this.definitions = definitions;
        this.registry = registry;
    }

    /// One setting that there is.
    ///
    /// @param standard what holds if nobody has set it; empty if that is nothing
    public record Known(String name, String standard, SettingRule rule, String description) {
        /// Whether its value is shown to nobody.
        public boolean isSecret() {
            return rule instanceof SettingRule.Secret;
        }
    }

    /// Adds those of another part, before the engine is opened.
    public void add(List<Known> others) {
        always.addAll(others);
    }

    /// The value of one that was added: a whole number.
    ///
    /// @param known with a rule that lets nothing else be set
    public int whole(Known known) {
        return number(known);
    }

    /// The value of one that was added: yes or no.
    public boolean flag(Known known) {
        return Boolean.parseBoolean(now(known));
    }

    /// The value of one that was added: all that it lists.
    public List<String> listed(Known known) {
        return Names.split(now(known));
    }

    /// The value of one that was added: a text; empty if it is none.
    public Optional<String> text(Known known) {
        return Optional.of(now(known)).filter(text -> !text.isEmpty());
    }

    /// The value of one that was added and is kept sealed.
    public Optional<String> secret(Known known, Secrets secrets) {
        return text(known).flatMap(hidden -> secrets.unseal(id(known.name), VALUE, hidden));
    }

    /// A value as it is given to [#set]: sealed if it is to be.
    ///
    /// @param value one that the rule allows
    public static String kept(Known known, String value, Secrets secrets) {
        return known.isSecret() ? secrets.seal(id(known.name), VALUE, value) : value;
    }

    /// The setting of that name: one of those that are always there, or a list of handlers of a process.
    public Optional<Known> find(String name) {
        return always.stream().filter(one -> one.name.equals(name)).findFirst().or(() -> point(name));
    }

    /// @return empty also if no process is called so
    private Optional<Known> point(String name) {
        var matcher = POINT.matcher(name);
        if (!matcher.matches() || definitions.find(matcher.group(1)).isEmpty()) {
            return Optional.empty();
        }
        var description = switch (matcher.group(2)) {
            case "list" -> "Names of the only handlers that take part, in this order.";
            case "include" -> "Names of handlers that take part besides, whatever they hook into.";
            default -> "Names of handlers that take no part.";
        };
        return Optional.of(new Known(name, "", new Names(), description));
    }

    /// Those that are always there, by name.
    public List<String> names() {
        return always.stream().map(Known::name).sorted().toList();
    }

    /// Shows those that are always there as resources, unless that was done before.
    void open(Tx tx) {
        always.forEach(known -> insert(tx, known.name, Optional.empty(), "engine"));
    }

    private boolean insert(Tx tx, String name, Optional<String> value, String who) {
        var fresh =
                resources.fresh(id(name), TYPE, Resources.ACTOR, Optional.empty(), name, "active", "", content(value));
        return resources.insert(tx, fresh, who, "setting");
    }

    private static UUID id(String name) {
        return Copies.id(TYPE, name);
    }

    private static Object content(Optional<String> value) {
        var content = Json.object();
        value.ifPresent(text -> content.put(VALUE, text));
        return content;
    }

    /// Sets it on all servers, or lets the standard hold again.
    ///
    /// @param name of one that [#find] finds
    /// @param value one that its rule allows, as [#kept]; empty for the standard
    public Resource set(Tx tx, String name, Optional<String> value, String who) {
        registry.changed(tx);
        if (!insert(tx, name, value, who)) {
            var before = resources.lock(tx, id(name)).orElseThrow();
            var after = resources.update(tx, before.state(), before.withData(content(value)), who, "setting");
            journal.changed(tx, after, who, "setting " + name);
        }
        return resources.find(tx, id(name)).orElseThrow();
    }

    /// What a resource of type `setting` says; empty if the standard holds.
    public static Optional<String> value(Resource setting) {
        return Optional.ofNullable(setting.content().get(VALUE)).map(node -> node.asString(""));
    }

    @Override
    public void read(Tx tx) {
        values = resources.list(tx, Resources.typed(TYPE), MOST).stream()
                .filter(setting -> value(setting).isPresent() && !isBroken(setting))
                .collect(toUnmodifiableMap(
                        Resource::name, setting -> value(setting).orElseThrow()));
    }

    /// Another version may have had other rules.
    private boolean isBroken(Resource setting) {
        var broken = always.stream()
                .filter(known -> known.name.equals(setting.name()) && !known.isSecret())
                .flatMap(known -> known.rule.broken(value(setting).orElse("")).stream())
                .findFirst();
        broken.ifPresent(rule -> LOG.warn("setting {} does not count: {}", setting.name(), rule));
        return broken.isPresent();
    }

    private String now(Known known) {
        return values.getOrDefault(known.name, known.standard);
    }

    private int number(Known known) {
        return Integer.parseInt(now(known));
    }

    boolean isProvisioning() {
        return Boolean.parseBoolean(now(PROVISIONING));
    }

    /// How long what is over is remembered.
    Duration over() {
        return Duration.ofDays(number(OVER));
    }

    Duration restorable() {
        return Duration.ofSeconds(number(RESTORABLE));
    }

    /// The longest pause before a handler that failed is asked again.
    public Duration longestPause() {
        return Duration.ofMillis(number(LONGEST_PAUSE));
    }

    /// How often an event is sent in all to handlers that do not say it themselves.
    public int sends() {
        return number(SENDS);
    }

    /// How long an answer is waited for, of handlers that do not say it themselves.
    public Duration patience() {
        return Duration.ofMillis(number(PATIENCE));
    }

    /// Whether handlers are asked twice, to see whether their answers differ (cattle.md 6.10).
    public boolean isCheckingHandlers() {
        return Boolean.parseBoolean(now(CHECKING));
    }

    /// Names that a setting lists; empty if it is not set.
    ///
    /// @param name such as `process.instance.start.handlers.list`
    public Optional<List<String>> list(String name) {
        return Optional.ofNullable(values.get(name)).map(Names::split);
    }
}
