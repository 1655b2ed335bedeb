package holdfast;

import holdfast.federation.afar.Line;
import holdfast.federation.afar.RabbitLine;
import holdfast.federation.afar.Rule;
import holdfast.federation.afar.WideArea;
import holdfast.federation.nearby.Beacon;
import holdfast.federation.peers.Neighbours.Policy;
import holdfast.platform.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// How nodes find each other over a RabbitMQ that many domains share (fluidos.md 5.8).
///
/// @param address such as `amqps://broker.example:5671/`; `amqp` in clear only on this machine
/// @param name as the broker knows this node: the common name of its certificate, without dots
/// @param role `publisher`, `subscriber` or `both` (as usual)
/// @param metric what is said of this node beside, such as `{latency: 5, location: Italy}`
/// @param rule whom it wants to hear of, such as `{MAXlatency: 20}`; anybody unless said otherwise
/// @param certificate PKCS#12 file with the certificate and its key, and whom to believe if that is nobody usual; its
///     password is in the environment variable `HOLDFAST_AFAR_PASSWORD`
/// @param use which of those that are found are dealt with, as in `nearby`
record FederationAfar(
        Optional<String> address,
        Optional<String> name,
        Optional<String> role,
        Optional<Map<String, JsonNode>> metric,
        Optional<Map<String, JsonNode>> rule,
        Optional<String> certificate,
        Optional<String> use) {
    /// The environment variable with the password of the certificate, or of the user where there is none.
    static final String VARIABLE = "HOLDFAST_AFAR_PASSWORD";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,100}");
    private static final Set<String> ROLES = Set.of("publisher", "subscriber", "both");
    /// An announcement has 1,024 bytes at most.
    private static final int LONGEST_METRIC = 300;

    Policy policy() {
        return FederationNearby.policy("afar.use", use);
    }

    /// @param announced empty: nobody could call this node, so it only listens
    /// @throws holdfast.platform.CannotStartException if something is wrong
    WideArea.Self self(Optional<Beacon.Self> announced) {
        var said = name.filter(word -> NAME.matcher(word).matches())
                .orElseThrow(() -> FederationSettings.wrong(
                        "afar.name",
                        "must be there, as the certificate says it, of letters, digits, - and _; the broker could not"
                                + " bring anything to one with a dot"));
        var does = role.orElse("both");
        if (!ROLES.contains(does)) {
            throw FederationSettings.wrong("afar.role", "is '" + does + "'; write publisher, subscriber or both");
        }
        return new WideArea.Self(
                said,
                announced.filter(_ -> !does.equals("subscriber")),
                measured(),
                Optional.of(new Rule(rule.orElse(Map.of()))).filter(_ -> !does.equals("publisher")));
    }

    private ObjectNode measured() {
        var said = Json.object();
        metric.orElse(Map.of()).forEach(said::set);
        if (Json.text(said).length() > LONGEST_METRIC) {
            throw FederationSettings.wrong("afar.metric", "has more than " + LONGEST_METRIC + " characters");
        }
        return said;
    }

    /// The way to the broker.
    ///
    /// @param password see [#VARIABLE]
    /// @throws holdfast.platform.CannotStartException if something is wrong
    Line.Opening line(Optional<String> password) {
        var where = address.flatMap(FederationAfar::uri)
                .orElseThrow(() -> FederationSettings.wrong(
                        "afar.address", "must be there, such as amqps://broker.example:5671/"));
        boolean secure = where.getScheme().equals("amqps");
        if (!secure && !isHere(where.getHost())) {
            throw FederationSettings.wrong(
                    "afar.address", "is in clear, and that is for this machine only: write amqps");
        }
        if (secure == certificate.isEmpty()) {
            throw FederationSettings.wrong(
                    "afar.certificate",
                    secure ? "is missing: the broker knows this node by it" : "is said, and amqp needs none");
        }
        return RabbitLine.to(where, name.orElseThrow(), certificate.map(file -> tls(file, password)), password);
    }

    private static Optional<URI> uri(String text) {
        try {
            return Optional.of(URI.create(text))
                    .filter(uri -> Set.of("amqp", "amqps").contains(String.valueOf(uri.getScheme()))
                            && uri.getHost() != null
                            && uri.getUserInfo() == null);
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static boolean isHere(String host) {
        try {
            return host.equals("localhost") || InetAddress.ofLiteral(host).isLoopbackAddress();
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static SSLContext tls(String file, Optional<String> password) {
        var secret = password.orElse("").toCharArray();
        try (var in = Files.newInputStream(Path.of(file))) {
            var store = KeyStore.getInstance("PKCS12");
            store.load(in, secret);
            var ours = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            ours.init(store, secret);
            var context = SSLContext.getInstance("TLSv1.3");
            context.init(ours.getKeyManagers(), believed(store), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw FederationSettings.wrong(
                    "afar.certificate",
                    "is '" + file + "', which cannot be read with the password in " + VARIABLE + ": " + e.getMessage());
        }
    }

    /// Whom the file names, else whom everybody believes.
    private static TrustManager[] believed(KeyStore store) throws GeneralSecurityException {
        boolean own = false;
        for (var alias : Collections.list(store.aliases())) {
            own |= store.isCertificateEntry(alias);
        }
        var theirs = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        theirs.init(own ? store : null);
        return theirs.getTrustManagers();
    }
}
