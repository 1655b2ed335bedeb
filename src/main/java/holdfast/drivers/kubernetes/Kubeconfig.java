package holdfast.drivers.kubernetes;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import java.net.URI;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Where a cluster is, and who we are there. Others write these files too, so only what is in the text itself counts:
/// a file that it names is not read, a program that it names is not run.
///
/// @param server address of its API server
/// @param authority the certificates that it shows are signed by these, in PEM and base64; empty = as the machine knows
/// @param proof what lets us in
record Kubeconfig(URI server, Optional<String> authority, Proof proof) {
    static final int LONGEST = 64 << 10;

    private static final YAMLMapper YAML = new YAMLMapper();
    private static final Set<String> HERE = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final Set<String> NOT_TAKEN =
            Set.of("exec", "auth-provider", "tokenFile", "client-certificate", "client-key", "username", "password");

    sealed interface Proof {
        record Token(String token) implements Proof {}

        /// Both in PEM and base64.
        record Certificate(String certificate, String key) implements Proof {}

        record Nothing() implements Proof {}
    }

    /// Its current context.
    ///
    /// @return MALFORMED if it is none that is taken; never says what is in it
    static Answer<Kubeconfig> of(String text) {
        if (text.length() > LONGEST) {
            return no("is longer than " + LONGEST + " characters");
        }
        JsonNode tree;
        try {
            tree = YAML.readTree(text);
        } catch (JacksonException _) {
            return no("is not YAML");
        }
        var context = named(tree, "contexts", tree.path("current-context").asString(""))
                .path("context");
        var cluster =
                named(tree, "clusters", context.path("cluster").asString("")).path("cluster");
        var user = named(tree, "users", context.path("user").asString("")).path("user");
        if (cluster.isMissingNode() || user.isMissingNode()) {
            return no("has no current-context with a cluster and a user");
        }
        return read(cluster, user);
    }

    private static JsonNode named(JsonNode tree, String list, String name) {
        return tree.path(list)
                .valueStream()
                .filter(one -> one.path("name").asString("").equals(name))
                .findFirst()
                .orElseGet(MissingNode::getInstance);
    }

    private static Answer<Kubeconfig> read(JsonNode cluster, JsonNode user) {
        var taboo = NOT_TAKEN.stream().filter(user::has).sorted().findFirst();
        if (taboo.isPresent()) {
            return no("has " + taboo.get() + ", which is not taken: give a token or certificate and key as data");
        }
        if (cluster.has("certificate-authority")
                || cluster.path("insecure-skip-tls-verify").asBoolean(false)) {
            return no("must have the authority of the cluster as certificate-authority-data");
        }
        var server = server(cluster.path("server").asString(""));
        var proof = proof(user);
        if (server.isEmpty() || proof.isEmpty()) {
            return no(
                    server.isEmpty()
                            ? "must have a server such as https://cluster.example:6443"
                            : "must have a token, or client-certificate-data and client-key-data in base64");
        }
        var authority = cluster.path("certificate-authority-data").asString("");
        return !authority.isEmpty() && !isBase64(authority)
                ? no("has a certificate-authority-data that is not base64")
                : Answer.yes(new Kubeconfig(
                        server.get(), authority.isEmpty() ? Optional.empty() : Optional.of(authority), proof.get()));
    }

    private static Optional<URI> server(String text) {
        try {
            var uri = URI.create(text);
            var host = String.valueOf(uri.getHost());
            boolean plain = "http".equals(uri.getScheme()) && HERE.contains(host);
            boolean plausible = uri.getHost() != null && uri.getUserInfo() == null && uri.getQuery() == null;
            return plausible && (plain || "https".equals(uri.getScheme())) ? Optional.of(uri) : Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static Optional<Proof> proof(JsonNode user) {
        var token = user.path("token").asString("");
        var certificate = user.path("client-certificate-data").asString("");
        var key = user.path("client-key-data").asString("");
        if (!token.isEmpty()) {
            return Optional.of(new Proof.Token(token));
        }
        if (certificate.isEmpty() && key.isEmpty()) {
            return Optional.of(new Proof.Nothing());
        }
        return isBase64(certificate) && isBase64(key)
                ? Optional.of(new Proof.Certificate(certificate, key))
                : Optional.empty();
    }

    private static boolean isBase64(String text) {
        try {
            return Base64.getDecoder().decode(text).length > 0;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static Answer<Kubeconfig> no(String what) {
        return Answer.no(Refusal.malformed("kubeconfig", "the kubeconfig " + what));
    }

    /// Another one for the same cluster, for somebody who has a token.
    String forToken(String token, String namespace) {
        var tree = YAML.createObjectNode()
                .put("apiVersion", "v1")
                .put("kind", "Config")
                .put("current-context", "cluster");
        var cluster =
                tree.putArray("clusters").addObject().put("name", "cluster").putObject("cluster");
        cluster.put("server", server.toString());
        authority.ifPresent(data -> cluster.put("certificate-authority-data", data));
        tree.putArray("users").addObject().put("name", "user").putObject("user").put("token", token);
        tree.putArray("contexts")
                .addObject()
                .put("name", "cluster")
                .putObject("context")
                .put("cluster", "cluster")
                .put("user", "user")
                .put("namespace", namespace);
        return YAML.writeValueAsString(tree);
    }

    /// Without what lets us in.
    @Override
    public String toString() {
        return server.toString();
    }
}
