package holdfast.orchestrator.instances;

import holdfast.core.Answer;
import holdfast.core.Caller;
import holdfast.core.HardwareProfile;
import holdfast.core.Refusal;
import holdfast.platform.Tx;
import holdfast.pools.clouds.BrokerImage;
import holdfast.pools.clouds.CloudPool;
import holdfast.pools.clouds.FrontendRealm;
import holdfast.pools.clouds.Held;
import holdfast.pools.clouds.ImageMapper.UnavailableException;
import holdfast.pools.clouds.LaunchRequest;
import holdfast.pools.clouds.LaunchRequest.Assembly;
import holdfast.pools.clouds.Quotas.Owner;
import holdfast.pools.clouds.Right;
import holdfast.pools.clouds.choice.Explanation;
import holdfast.pools.clouds.choice.Facts.Images;
import holdfast.pools.clouds.choice.Narrowing;
import holdfast.pools.clouds.choice.Selection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Resolves what launches in a pool name, and finds the accounts at which they can be made (aeolus.md 4.2, 6.5).
final class PoolLaunches {
    private static final int MOST_NAME = 1_024;

    private final PoolClouds all;
    private final Caller caller;
    private final CloudPool pool;
    private final Held held;
    private final ThingAccess things;
    private final List<HardwareProfile> profiles;
    private final ImagesAround images;

    /// @param things what the caller may do with what a launch names
    /// @param profiles that the caller may look at, the smallest first
    PoolLaunches(
            PoolClouds all,
            Caller caller,
            CloudPool pool,
            Held held,
            ThingAccess things,
            List<HardwareProfile> profiles,
            ImagesAround images) {
        this.all = all;
        this.caller = caller;
        this.pool = pool;
        this.held = held;
        this.things = things;
        this.profiles = profiles;
        this.images = images;
    }

    /// A launch with all names resolved.
    record Plan(LaunchRequest request, Instance.Order order) {
        String name() {
            return request.assemblies().getFirst().name();
        }

        /// Of so many alike; a number tells several apart.
        ///
        /// @return MALFORMED if they become too long
        Answer<List<String>> names(int count) {
            var names = IntStream.rangeClosed(1, count)
                    .mapToObj(number -> count == 1 ? name() : name() + "-" + number)
                    .toList();
            return names.getLast().length() > MOST_NAME ? Answer.no(unfit()) : Answer.yes(names);
        }
    }

    /// What the image is at each account; asked outside of any transaction, since it may take a while.
    ///
    /// @param build the only version that will do; empty = the newest
    Images known(BrokerImage image, Optional<String> build) {
        try {
            return new Images.Known(images.map(image, build));
        } catch (UnavailableException e) {
            return new Images.Silent(String.valueOf(e.getMessage()));
        }
    }

    /// @return NOT_THERE for an unknown realm, MALFORMED for an unknown profile, a size that it has not, or a name
    Answer<Plan> plan(Tx tx, Launch launch, BrokerImage image) {
        return realm(tx, launch.realm()).flatMap(realm -> plan(tx, launch, image, realm, seed()));
    }

    /// The same in a realm that is known.
    Answer<Plan> plan(Tx tx, Launch launch, BrokerImage image, Optional<FrontendRealm> realm, long seed) {
        return profile(launch, image)
                .flatMap(profile -> Narrowing.narrow(profile, launch.sizes())
                        .flatMap(narrowed -> things.bound(tx, launch)
                                .flatMap(bound -> plan(launch, bound, image, profile, narrowed, realm, seed))));
    }

    /// All of these together, which go to one account.
    LaunchRequest together(List<Plan> plans) {
        var one = plans.getFirst().request();
        var tied =
                plans.stream().flatMap(plan -> plan.request().tied().stream()).collect(Collectors.toSet());
        var assemblies = plans.stream()
                .flatMap(plan -> plan.request().assemblies().stream())
                .toList();
        return new LaunchRequest(pool, caller.user(), one.realm(), one.driver(), tied, assemblies);
    }

    long seed() {
        return all.platform().newId().getLeastSignificantBits();
    }

    private Answer<Plan> plan(
            Launch launch,
            ThingAccess.Bound bound,
            BrokerImage image,
            HardwareProfile profile,
            HardwareProfile narrowed,
            Optional<FrontendRealm> realm,
            long seed) {
        var name = launch.name().orElseGet(() -> freshName("instance"));
        if (name.isBlank() || name.length() > MOST_NAME || name.chars().anyMatch(Character::isISOControl)) {
            return Answer.no(unfit());
        }
        var order = new Instance.Order(
                launch.description(),
                image.id(),
                launch.build(),
                profile,
                narrowed,
                realm.map(one -> new Instance.Realm(one.id(), one.name())),
                launch.key(),
                bound.imported(),
                launch.userData(),
                launch.properties(),
                launch.stopped(),
                bound.tied(),
                launch.driver(),
                bound.extras(),
                seed);
        var assembly = new Assembly(name, narrowed, image, launch.build(), order.features());
        var request = new LaunchRequest(pool, caller.user(), realm, launch.driver(), bound.tied(), List.of(assembly));
        return Answer.yes(new Plan(request, order));
    }

    private static Refusal unfit() {
        return Refusal.malformed("name", "name has 1 to " + MOST_NAME + " characters that can be written");
    }

    /// @param count so many alike; an account will do only if it has room for all of them
    /// @param owners whose quota counts; it is counted for good when the launch is accepted
    Explanation explain(Tx tx, Plan plan, int count, Images known, List<Owner> owners) {
        return explain(tx, plan.request(), List.of(known), owners, plan.order().seed(), count - 1);
    }

    /// @param known of each assembly
    /// @return without the names of accounts that the caller may not see
    Explanation explain(Tx tx, LaunchRequest request, List<Images> known, List<Owner> owners, long seed) {
        return explain(tx, request, known, owners, seed, 0);
    }

    private Explanation explain(
            Tx tx, LaunchRequest request, List<Images> known, List<Owner> owners, long seed, int others) {
        var now = all.platform().now();
        var forbidden = request.assemblies().stream()
                .map(Assembly::profile)
                .filter(profile -> !isUsable(profile))
                .map(HardwareProfile::id)
                .collect(Collectors.toSet());
        var facts = all.occasion()
                .facts(tx, pool, now, known, Set.of(), owners)
                .forbidding(forbidden)
                .less(others);
        return Selection.choose(request, facts, seed).knowing(things::knows);
    }

    private boolean isUsable(HardwareProfile profile) {
        return PoolClouds.may(held, Right.Action.USE, profile);
    }

    /// Ids begin with the time; their ends are random.
    String freshName(String word) {
        var id = all.platform().newId().toString();
        return word + "-" + id.substring(id.length() - 12);
    }

    private Answer<HardwareProfile> profile(Launch launch, BrokerImage image) {
        if (launch.profile().isEmpty()) {
            return profiles.stream()
                    .filter(this::isUsable)
                    .filter(one -> one.architectures().isEmpty()
                            || image.architecture()
                                    .map(one.architectures()::contains)
                                    .orElse(true))
                    .findFirst()
                    .map(Answer::yes)
                    .orElseGet(() -> Answer.no(
                            Refusal.clash("there is no hardware profile that the image " + image.id() + " allows")));
        }
        var wanted = launch.profile().get();
        return profiles.stream()
                .filter(one -> one.id().equals(wanted) || one.name().equals(wanted))
                .findFirst()
                .map(Answer::yes)
                .orElseGet(() ->
                        Answer.no(Refusal.malformed("hwp_id", "Hardware profile '" + wanted + "' does not exists.")));
    }

    /// @return empty for none, NOT_THERE for an unknown one
    Answer<Optional<FrontendRealm>> realm(Tx tx, Optional<String> said) {
        var wanted = said.filter(name -> !name.equals(FrontendRealm.ANYWHERE));
        if (wanted.isEmpty()) {
            return Answer.yes(Optional.empty());
        }
        return all.realms(tx).stream()
                .filter(one ->
                        one.name().equals(wanted.get()) || one.id().toString().equals(wanted.get()))
                .findFirst()
                .<Answer<Optional<FrontendRealm>>>map(one -> Answer.yes(Optional.of(one)))
                .orElseGet(() -> Answer.no(Refusal.notThere("frontend_realm", "there is no realm " + wanted.get())));
    }
}
