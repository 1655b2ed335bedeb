package holdfast.orchestrator.instances;

import holdfast.pools.clouds.FrontendRealm;
import holdfast.pools.clouds.Right;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// What a wish needs before it can be asked of an account.
///
/// @param kind what there is afterwards
/// @param name of something new, if its provider calls it so
/// @param fresh whether something is made, rather than changed
/// @param things that it names, all at one account
/// @param action what one must be allowed to do with these
/// @param realm in which something is made
record Needs(
        ThingKind kind,
        Optional<String> name,
        boolean fresh,
        List<Ref> things,
        Right.Action action,
        Optional<UUID> instance,
        Optional<String> realm) {

    record Ref(ThingKind kind, String id) {}

    static Needs of(Wish<?> wish) {
        return switch (wish) {
            case Wish.NewKey(var name, var _) -> made(ThingKind.KEY).called(name);
            case Wish.NewAddress() -> made(ThingKind.ADDRESS);
            case Wish.Associate(var address, var instance) ->
                used(ThingKind.ADDRESS, address).with(instance);
            case Wish.Disassociate(var address) -> used(ThingKind.ADDRESS, address);
            case Wish.NewVolume(var _, var snapshot, var realm, var _, var _) ->
                snapshot.map(id -> made(ThingKind.VOLUME, new Ref(ThingKind.SNAPSHOT, id)))
                        .orElseGet(() -> made(ThingKind.VOLUME))
                        .in(realm);
            case Wish.Attach(var volume, var instance, var _) ->
                used(ThingKind.VOLUME, volume).with(instance);
            case Wish.Detach(var volume, var _) -> used(ThingKind.VOLUME, volume);
            case Wish.NewSnapshot(var volume, var _, var _) ->
                made(ThingKind.SNAPSHOT, new Ref(ThingKind.VOLUME, volume));
            case Wish.NewBucket(var name, var _) -> made(ThingKind.BUCKET).called(name);
            case Wish.NewFirewall(var name, var _) -> made(ThingKind.FIREWALL).called(name);
            case Wish.AddRule(var firewall, var _) -> changed(ThingKind.FIREWALL, firewall);
            case Wish.DropRule(var firewall, var _) -> changed(ThingKind.FIREWALL, firewall);
            case Wish.NewLoadBalancer(var name, var realm, var _) ->
                made(ThingKind.LOAD_BALANCER).called(name).in(Optional.of(realm));
            case Wish.Register(var balancer, var instance) ->
                used(ThingKind.LOAD_BALANCER, balancer).with(instance);
            case Wish.Unregister(var balancer, var instance) ->
                used(ThingKind.LOAD_BALANCER, balancer).with(instance);
            case Wish.NewNetwork(var _, var _) -> made(ThingKind.NETWORK);
            case Wish.NewSubnet(var network, var _, var _) ->
                made(ThingKind.SUBNET, new Ref(ThingKind.NETWORK, network));
            case Wish.NewNic(var instance, var network, var _) ->
                made(ThingKind.INTERFACE, new Ref(ThingKind.SUBNET, network)).with(instance);
        };
    }

    private static Needs made(ThingKind kind, Ref... from) {
        return new Needs(
                kind,
                Optional.empty(),
                true,
                Arrays.asList(from),
                Right.Action.USE,
                Optional.empty(),
                Optional.empty());
    }

    private static Needs used(ThingKind kind, String id) {
        return of(kind, id, Right.Action.USE);
    }

    private static Needs changed(ThingKind kind, String id) {
        return of(kind, id, Right.Action.MODIFY);
    }

    private static Needs of(ThingKind kind, String id, Right.Action action) {
        return new Needs(
                kind, Optional.empty(), false, List.of(new Ref(kind, id)), action, Optional.empty(), Optional.empty());
    }

    private Needs called(String how) {
        return new Needs(kind, Optional.of(how), fresh, things, action, instance, realm);
    }

    private Needs with(UUID one) {
        return new Needs(kind, name, fresh, things, action, Optional.of(one), realm);
    }

    private Needs in(Optional<String> where) {
        return new Needs(
                kind,
                name,
                fresh,
                things,
                action,
                instance,
                where.filter(word -> !word.equals(FrontendRealm.ANYWHERE)));
    }
}
