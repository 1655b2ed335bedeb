package holdfast.orchestrator.instances;

import holdfast.core.Answer;
import holdfast.core.Caller;
import holdfast.core.Refusal;
import holdfast.orchestrator.instances.ThingAccess.Place;
import holdfast.platform.Tx;
import holdfast.pools.clouds.BrokerImage;
import holdfast.pools.clouds.CloudPool;
import holdfast.pools.clouds.Held;
import holdfast.pools.clouds.Right;
import holdfast.pools.clouds.Right.Target;
import holdfast.pools.clouds.images.ImageMappings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;

/// Images that are made of the instances of a pool, and taken away again (aeolus.md 4.7). What somebody else has put at
/// an account stays there, also if its image is deleted here.
final class PoolImages {
    private final PoolClouds all;
    private final AccountSides sides;
    private final Captures captures;
    private final Caller caller;
    private final VirtualCloud cloud;
    private final CloudPool pool;
    private final Held held;
    private final ThingAccess access;

    PoolImages(AccountThingFinder finder, Caller caller, VirtualCloud cloud, Held held, ThingAccess access) {
        this.all = finder.all();
        this.sides = finder.sides();
        this.captures = finder.captures();
        this.caller = caller;
        this.cloud = cloud;
        this.pool = cloud.pool();
        this.held = held;
        this.access = access;
    }

    private <T> T look(Function<Tx, T> question) {
        return all.database().inTransaction(question);
    }

    /// As [AccountThings#capture].
    Answer<BrokerImage> capture(UUID instance, Optional<String> name, Optional<String> description) {
        var view = cloud.instance(instance);
        return look(tx -> access.instance(tx, instance)).flatMap(place -> {
            var called = name.orElseGet(() -> view.map(InstanceView::name).orElse("image"));
            var account = place.at();
            var like = view.flatMap(one -> cloud.image(one.image()));
            return sides.capture(account, place.key(), called, description)
                    .flatMap(key -> look(tx -> {
                        all.things().made(tx, account, Captures.COLLECTION, key, pool.id(), caller.user());
                        return captures.note(tx, pool, called, description, like, caller.user(), account, key);
                    }));
        });
    }

    /// As [AccountThings#deleteImage].
    Answer<BrokerImage> delete(String id) {
        var image = cloud.image(id);
        if (image.isEmpty()) {
            return Answer.no(Captures.gone(id));
        }
        if (!image.get().owner().equals(caller.user())
                && !held.may(
                        Right.Action.MODIFY,
                        Target.IMAGE,
                        List.of(pool.id(), pool.family().id()))) {
            return Answer.no(Refusal.notYours("the image " + id + " is not yours to delete"));
        }
        var captured = look(tx -> captured(tx, id));
        var kept = look(tx -> ImageMappings.kept(tx, all.configuration().usage(), id));
        if (kept.isPresent()) {
            return Answer.no(kept.get());
        }
        for (var place : captured) {
            if (sides.removeImage(place.at(), place.key()) instanceof Answer.No<Boolean>(var why)
                    && why.kind() != Refusal.Kind.NOT_THERE) {
                return Answer.no(why);
            }
            look(tx -> {
                all.things().forget(tx, place.at(), Captures.COLLECTION, place.key());
                return place;
            });
        }
        return look(tx -> captures.find(tx, id).isPresent()
                ? captures.remove(tx, id, caller.user())
                : captured.isEmpty()
                        ? Answer.no(Refusal.notYours("the image " + id + " was not made here"))
                        : Answer.yes(image.get()));
    }

    /// Where an image that was captured is; what somebody else has put there stays.
    private List<Place> captured(Tx tx, String id) {
        var named = ThingNames.account(id).stream().map(account -> Map.entry(account, ThingNames.rest(id)));
        var mapped = captures.mappings(tx, id).stream()
                .flatMap(mapping -> mapping.content().account().stream()
                        .map(account -> Map.entry(account, mapping.content().providerImage())));
        return Stream.concat(named, mapped)
                .filter(one -> all.things()
                        .find(tx, one.getKey(), Captures.COLLECTION, one.getValue())
                        .flatMap(ThingStore.Note::pool)
                        .isPresent())
                .flatMap(one -> pool.family().accounts().stream()
                        .filter(account -> account.id().equals(one.getKey()))
                        .map(account -> new Place(account.id(), one.getValue())))
                .toList();
    }
}
