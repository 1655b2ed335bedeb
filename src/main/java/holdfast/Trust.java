package holdfast;

import holdfast.api.rear.Door;
import holdfast.api.rear.Gateway;
import holdfast.broker.market.Signing;
import holdfast.federation.catalog.Publishing;
import holdfast.federation.trust.Buckets;
import holdfast.federation.trust.Guard;
import holdfast.federation.trust.NodeKeys;
import holdfast.federation.trust.NodeTls;
import holdfast.federation.trust.Pin;
import holdfast.federation.trust.Pins;
import holdfast.federation.trust.Tokens;
import holdfast.federation.wire.HttpWire;
import holdfast.platform.CallbackPolicy;
import holdfast.platform.HttpServer;
import holdfast.platform.Platform;
import holdfast.protocol.rear.NodeIdentity;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// As whom this node meets others: its key, and what it asks of them.
final class Trust {
    /// Mail is many small questions, each of which may wait there.
    private static final int MAIL = 10;

    private final FederationSettings settings;
    private final Platform platform;
    private final NodeKeys keys;
    private final NodeTls tls;
    private final Tokens tokens;
    private final Optional<String> afar;

    /// @throws holdfast.platform.CannotStartException if the key cannot be had
    Trust(
            FederationSettings settings,
            NodeIdentity self,
            Path data,
            Map<String, String> environment,
            Platform platform) {
        this.settings = settings;
        this.platform = platform;
        this.keys = NodeKeys.open(data, environment);
        this.tls = new NodeTls(keys, self.id(), platform.now());
        this.tokens = new Tokens(keys, self.id(), platform);
        this.afar = Optional.ofNullable(environment.get(FederationAfar.VARIABLE));
    }

    /// The password for the broker in the wide area, see [FederationAfar#VARIABLE].
    Optional<String> afarPassword() {
        return afar;
    }

    /// The key of this node, with which what others have signed is checked as well.
    NodeKeys keys() {
        return keys;
    }

    /// By what is signed that it publishes.
    Publishing.Signer signer() {
        return new Publishing.Signer(keys, keys.fingerprint());
    }

    Signing signing() {
        return new Signing(Optional.of(keys), settings.bothSign());
    }

    /// The way to others.
    HttpWire wire(CallbackPolicy policy) {
        return new HttpWire(policy, tls, tokens);
    }

    /// Where others call: by TLS if they prove anything.
    HttpServer.Options listening(HttpServer.Options where) {
        return switch (settings.way()) {
            case NONE -> where;
            case BEARER -> where.withTls(new HttpServer.Secure(tls.listening(), false));
            case MTLS -> where.withTls(new HttpServer.Secure(tls.listening(), true));
        };
    }

    /// @param pins reads the keys that are known
    Gateway.Standing standing(Supplier<List<Pin>> pins) {
        var guard = new Guard(new Pins(pins, platform::now), tokens, platform::now);
        var way = switch (settings.way()) {
            case NONE -> new Door.Way.Nothing();
            case BEARER -> new Door.Way.Bearer(guard);
            case MTLS -> new Door.Way.Certificate(guard);
        };
        var limits = settings.pace().map(this::limits);
        return new Gateway.Standing(
                new Door(way, settings.rules(), limits),
                keys.jwk(),
                settings.way() != FederationSettings.Auth.NONE,
                settings.bothSign());
    }

    private Door.Limits limits(FederationLimits.Pace pace) {
        return new Door.Limits(
                new Buckets(pace.perSecond(), pace.burst(), platform::now),
                new Buckets(MAIL * pace.perSecond(), MAIL * pace.burst(), platform::now));
    }
}
