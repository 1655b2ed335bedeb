package holdfast.protocol.rear;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// How a service that was sold is reached (fluidos.md 4.5): what its seller tells as a kubeconfig, because that is what
/// nodes look for, and its buyer reads from there.
///
/// @param endpoints such as `db.contract-1.svc.cluster.local:3306`, separated by commas
/// @param credentials by name, such as `password`; never logged
public record ServiceAccess(String endpoints, Map<String, String> credentials) {
    /// The field of a contract for which it is sealed.
    public static final String FIELD = "access";

    private static final String PASSWORD = "password";
    private static final String DATABASE = "database";
    private static final int LONGEST = 64 << 10;

    public ServiceAccess {
        credentials = Collections.unmodifiableMap(new TreeMap<>(credentials));
    }

    /// In the words of a contract: as a kubeconfig, which is YAML, of which JSON is a part; and as what is
    /// documented.
    ///
    /// @param fabric of its seller
    public Contract.Credentials told(String fabric, String contract) {
        var coded =
                Base64.getEncoder().encodeToString(config(contract).toString().getBytes(UTF_8));
        return new Contract.Credentials(
                fabric,
                Optional.of(coded),
                Optional.of(contract),
                Optional.of(endpoints),
                Optional.of(credentials.getOrDefault(PASSWORD, "")));
    }

    private ObjectNode config(String contract) {
        var written = JsonMapper.shared().createObjectNode();
        written.put("apiVersion", "v1").put("kind", "Config");
        var cluster = written.putArray("clusters").addObject();
        cluster.put("name", contract).putObject("cluster").put("server", endpoints);
        var user = written.putArray("users").addObject().put("name", contract).putObject("user");
        credentials.forEach((name, value) -> {
            if (!name.equals(DATABASE)) {
                user.put(name, value);
            }
        });
        var context = written.putArray("contexts").addObject();
        context.put("name", contract)
                .putObject("context")
                .put("cluster", contract)
                .put("user", contract);
        written.put("current-context", contract);
        Optional.ofNullable(credentials.get(DATABASE)).ifPresent(database -> {
            var extension = written.putArray("extensions").addObject();
            extension.put("name", "service").putObject("extension").put(DATABASE, database);
        });
        return written;
    }

    /// What a seller has told; empty if it opens no service: the way into a cluster is none.
    public static Optional<ServiceAccess> of(Contract.Credentials told) {
        return told.kubeconfig()
                .flatMap(ServiceAccess::decoded)
                .map(ServiceAccess::read)
                .or(() -> told.endpoint()
                        .map(endpoint -> new ServiceAccess(
                                endpoint,
                                told.token()
                                        .map(token -> Map.of(PASSWORD, token))
                                        .orElse(Map.of()))))
                .filter(access -> !access.endpoints.isBlank() && access.credentials.containsKey(PASSWORD));
    }

    private static ServiceAccess read(JsonNode config) {
        var credentials = new TreeMap<String, String>();
        config.at("/users/0/user").properties().forEach(one -> {
            if (one.getValue().isString()) {
                credentials.put(one.getKey(), one.getValue().stringValue());
            }
        });
        var database = config.at("/extensions/0/extension/" + DATABASE);
        if (database.isString()) {
            credentials.put(DATABASE, database.stringValue());
        }
        return new ServiceAccess(config.at("/clusters/0/cluster/server").asString(""), credentials);
    }

    private static Optional<JsonNode> decoded(String coded) {
        try {
            return Optional.of(coded)
                    .filter(text -> text.length() <= LONGEST)
                    .map(text ->
                            JsonMapper.shared().readTree(Base64.getMimeDecoder().decode(text)))
                    .filter(JsonNode::isObject);
        } catch (IllegalArgumentException | JacksonException _) {
            return Optional.empty();
        }
    }

    /// A credential that nobody has chosen: letters and digits after the first letter, as names must be; a password
    /// is longer.
    ///
    /// @param what such as `username`
    /// @param chance that nobody can guess, of 20 characters or more
    public static String madeUp(String what, String chance) {
        if (what.equals(PASSWORD)) {
            return chance;
        }
        var plain = chance.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
        return what.charAt(0) + plain.substring(0, Math.min(10, plain.length()));
    }

    /// Without what is secret.
    @Override
    public String toString() {
        return "ServiceAccess[endpoints=" + endpoints + "]";
    }
}
