package holdfast.api.deltacloud;

import holdfast.api.deltacloud.InstanceEntity.Names;
import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.orchestrator.instances.Action;
import holdfast.orchestrator.instances.Deployments;
import holdfast.orchestrator.instances.InstanceFilter;
import holdfast.orchestrator.instances.InstanceState;
import holdfast.orchestrator.instances.InstanceView;
import holdfast.orchestrator.instances.Launch;
import holdfast.orchestrator.instances.VirtualCloud;
import holdfast.platform.Stopwatch;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Instances: launched, looked at, started, stopped, rebooted and destroyed (aeolus.md 4.2, 4.4, 5.3.5).
final class Instances {
    static final String NAME = "instances";

    private static final int MOST_AT_ONCE = 50;
    private static final Pattern TOKEN = Pattern.compile("[!-~]{1,128}");
    private static final Pattern NUMBER = Pattern.compile("[0-9]+$");
    private static final List<String> SIZES = List.of("memory", "cpu", "storage", "architecture");
    /// What no instance can be launched with unless accounts offer it.
    private static final Set<String> EXTRAS = Set.of(
            "password",
            "snapshot_id",
            "device_name",
            "load_balancer_id",
            "user_files",
            "user_iso",
            "sandbox",
            "firewalls",
            "first_boot_dev");

    private final Duration patience;

    /// @param patience with tasks: an answer waits so long for what it has begun
    Instances(Duration patience) {
        this.patience = patience;
    }

    Collection collection() {
        return Collection.always(
                NAME,
                Operation.of("index", "GET", "state realm_id id name", this::list),
                Operation.of("show", "GET *", "", this::show),
                Operation.of(
                        "create",
                        "POST",
                        "image_id* realm_id hwp_id name keyname user_data hwp_memory hwp_cpu hwp_storage"
                                + " hwp_architecture instance_count password firewalls1 load_balancer_id snapshot_id"
                                + " device_name user_files user_iso sandbox metrics",
                        this::create),
                Operation.of("destroy", "DELETE *", "", this::destroy),
                Operation.of("start", "POST */start", "", ask -> act(ask, Action.START)),
                Operation.of("stop", "POST */stop", "", ask -> act(ask, Action.STOP)),
                Operation.of("reboot", "POST */reboot", "", ask -> act(ask, Action.REBOOT)),
                Operation.of("run", "POST */run", "cmd* private_key password ip port", _ -> {
                    throw new Problem(501, "commands are not run inside instances");
                }));
    }

    private Told list(Ask ask) {
        var cloud = ask.cloud().get();
        var names = Names.in(cloud);
        var listed = cloud.instances(wanted(ask, cloud, names), 0, Integer.MAX_VALUE)
                .map(one -> InstanceEntity.of(ask, one, names));
        return ask.listed(NAME, listed);
    }

    /// What the fields of a list ask for; a word that means nothing here selects nothing.
    private static InstanceFilter wanted(Ask ask, VirtualCloud cloud, Names names) {
        return new InstanceFilter.All(Stream.of(
                        ask.field("name").map(InstanceFilter.Named::new),
                        ask.field("state").map(word -> new InstanceFilter.InState(States.named(word))),
                        ask.field("id")
                                .map(word -> new InstanceFilter.Among(
                                        Ids.uuid(word).map(Set::of).orElse(Set.of()))),
                        ask.field("realm_id").map(word -> in(word, cloud, names)))
                .flatMap(Optional::stream)
                .map(InstanceFilter.class::cast)
                .toList());
    }

    /// Those of no realm, and of one that is gone, are in any.
    private static InstanceFilter in(String word, VirtualCloud cloud, Names names) {
        var found = Realms.find(cloud, word);
        if (found.isPresent()) {
            return new InstanceFilter.InRealm(found.get().name());
        }
        var known = names.realms().get().keySet().stream().<InstanceFilter>map(InstanceFilter.InRealm::new);
        return word.equals(Realms.ANY)
                ? new InstanceFilter.Not(new InstanceFilter.Any(known.toList()))
                : InstanceFilter.none();
    }

    private Told show(Ask ask) {
        return Told.ok(Document.of(entity(ask, ask.cloud().get(), seen(ask))));
    }

    private static InstanceView seen(Ask ask) {
        return ask.cloud()
                .get()
                .instance(Ids.instance(ask.id()))
                .orElseThrow(() -> Problem.notThere("instance", ask.id()));
    }

    private Told create(Ask ask) {
        var cloud = ask.cloud().get();
        int count = ask.field("instance_count").isPresent() ? ask.number("instance_count", 1, MOST_AT_ONCE) : 1;
        var launched = launched(cloud, launch(ask, cloud), count);
        var watch = Stopwatch.start();
        var entities = launched.stream()
                .flatMap(one -> cloud.settled(one.id(), left(watch)).stream())
                .map(instance -> entity(ask, cloud, instance))
                .toList();
        if (entities.isEmpty()) {
            throw Problem.notThere("instance", launched.getFirst().id().toString());
        }
        return count == 1
                ? Told.created(
                        Document.of(entities.getFirst()),
                        ask.links().member(NAME, entities.getFirst().id()))
                : Told.created(Document.of(NAME, entities), ask.links().collection(NAME));
    }

    private static List<InstanceView> launched(VirtualCloud cloud, Launch launch, int count) {
        return switch (cloud.launch(launch, count)) {
            case Answer.Yes<List<InstanceView>>(var instances) -> instances;
            case Answer.No<List<InstanceView>>(var why) -> throw Problem.of(why);
        };
    }

    private Duration left(Stopwatch watch) {
        var left = patience.minus(watch.elapsed());
        return left.isNegative() ? Duration.ZERO : left;
    }

    private static Launch launch(Ask ask, VirtualCloud cloud) {
        var profile = ask.field("hwp_id");
        profile.ifPresent(word -> {
            if (cloud.profiles().stream().noneMatch(one -> Profiles.isCalled(one, word))) {
                throw Problem.malformed("Hardware profile '" + Problem.shorten(word) + "' does not exists.");
            }
        });
        var sizes = new HashMap<String, String>();
        SIZES.forEach(size -> ask.field("hwp_" + size).ifPresent(value -> sizes.put(size, value)));
        var extras = extras(ask);
        var key = ask.field("keyname").or(() -> ask.field("key_name")); // the Java client says both
        return new Launch(
                ask.field("name").map(name -> Features.fitting(ask.driver(), name)),
                Optional.empty(),
                ask.required("image_id"),
                profile,
                sizes,
                ask.field("realm_id").filter(realm -> !realm.equals(Realms.ANY)).map(realm -> realmName(cloud, realm)),
                key,
                ask.field("user_data"),
                Map.of(),
                false,
                extras.values().stream() // whether a key ties it to its account is for the pool to say
                        .flatMap(thing -> Ids.account(thing).stream())
                        .collect(Collectors.toSet()),
                ask.driver().equals(Ask.BROKER) ? Optional.empty() : Optional.of(ask.driver()),
                token(ask),
                extras,
                Optional.empty());
    }

    private static String realmName(VirtualCloud cloud, String word) {
        return Realms.find(cloud, word)
                .orElseThrow(() -> Problem.notThere("realm", word))
                .name();
    }

    private static Optional<String> token(Ask ask) {
        var token = ask.request().header(Deployments.TOKEN);
        if (token.filter(text -> !TOKEN.matcher(text).matches()).isPresent()) {
            throw Problem.malformed(Deployments.TOKEN + " must have 1 to 128 printable characters without blanks");
        }
        return token;
    }

    /// Whoever asks for a firewall is not to get an instance without one.
    private static Map<String, String> extras(Ask ask) {
        var extras = new HashMap<String, String>();
        ask.fields().forEach((name, value) -> {
            var feature = NUMBER.matcher(name).replaceFirst("");
            if (EXTRAS.contains(feature) && !value.isBlank()) {
                if (!Features.handsOn(feature, ask.offer())) {
                    throw Problem.malformed("No account of this pool knows the parameter '" + name + "' of instances");
                }
                extras.put(name, value);
            }
        });
        return extras;
    }

    private Told act(Ask ask, Action action) {
        var cloud = ask.cloud().get();
        var before = seen(ask);
        done(cloud, before, action);
        var after = cloud.settled(before.id(), patience).orElseThrow(() -> Problem.notThere("instance", ask.id()));
        return Told.accepted(Document.bare(entity(ask, cloud, after)));
    }

    private Told destroy(Ask ask) {
        var cloud = ask.cloud().get();
        var before = seen(ask);
        if (before.state() != InstanceState.STOPPED && !before.state().failed()) {
            throw new Problem(
                    405,
                    "destroy is not possible for " + before.name() + ": it is "
                            + before.state().word());
        }
        done(cloud, before, Action.DESTROY);
        cloud.settled(before.id(), patience);
        return Told.gone();
    }

    private static void done(VirtualCloud cloud, InstanceView before, Action action) {
        if (cloud.act(before.id(), action) instanceof Answer.No<InstanceView>(var why)) {
            throw why.kind() == Refusal.Kind.CLASH ? new Problem(405, why.message()) : Problem.of(why);
        }
    }

    private static Entity entity(Ask ask, VirtualCloud cloud, InstanceView instance) {
        return InstanceEntity.of(ask, instance, Names.in(cloud));
    }
}
