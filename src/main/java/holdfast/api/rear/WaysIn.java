package holdfast.api.rear;

import static java.nio.charset.StandardCharsets.UTF_8;

import holdfast.authority.Tenancy;
import holdfast.broker.market.Agreement;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Json;
import holdfast.platform.Secrets;
import holdfast.platform.Tx;
import holdfast.protocol.rear.Contract;
import holdfast.protocol.rear.NodeIdentity;
import holdfast.protocol.rear.Vault;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/// How the buyer of a part of a host gets to it: the place where its mail is exchanged, and the secret that is asked
/// for there (fluidos.md 5.6). The secret follows from the contract and the key of the server, so it is kept nowhere,
/// and told again the same; a contract that comes to have the name of an old one has another.
final class WaysIn {
    private static final String PURPOSE = "contract";
    private static final UUID NOTHING = new UUID(0, 0);

    private final NodeIdentity node;
    private final Resources resources;
    private final Secrets secrets;
    private final Vault vault;
    private final String scheme;

    /// @param node under whose address mail is exchanged
    /// @param secure whether by TLS
    WaysIn(NodeIdentity node, Resources resources, Secrets secrets, Vault vault, boolean secure) {
        this.node = node;
        this.resources = resources;
        this.scheme = secure ? "https://" : "http://";
        this.secrets = secrets;
        this.vault = vault;
    }

    /// A contract as its buyer is told it once it is bought.
    Contract told(Tx tx, Resource contract) {
        var agreement = contract.as(Agreement.class);
        var bare = vault.opened(agreement.key(), agreement.contract());
        var cluster = Optional.ofNullable(bare.extra().get(Contract.CLUSTER));
        if (cluster.isPresent()) {
            return intoCluster(tx, cluster.get(), contract.id()).map(bare::with).orElse(bare);
        }
        return agreement.lent() ? bare.with(credentials(bare, token(contract.id(), agreement.transaction()))) : bare;
    }

    /// What lets the buyer's cluster into ours, as soon as our cluster has made it.
    private Optional<Contract.Credentials> intoCluster(Tx tx, String authority, UUID contract) {
        var id = Tenancy.id(authority, contract);
        return resources
                .find(tx, id)
                .filter(tenancy -> tenancy.removed().isEmpty())
                .flatMap(tenancy -> tenancy.as(Tenancy.class).wayIn(id, secrets));
    }

    /// All ways to say it in one: nodes look for a kubeconfig, documented are endpoint and token.
    private Contract.Credentials credentials(Contract contract, String token) {
        var url = scheme + node.address() + "/api/v2/contracts/" + contract.id() + "/mail";
        var kubeconfig = Base64.getEncoder()
                .encodeToString(kubeconfig(contract.id(), url, token).getBytes(UTF_8));
        return new Contract.Credentials(
                contract.seller().fabric().orElse(node.id()),
                Optional.of(kubeconfig),
                Optional.of(contract.id()),
                Optional.of(url),
                Optional.of(token));
    }

    /// YAML, of which JSON is a part.
    private static String kubeconfig(String name, String url, String token) {
        var written = Json.object().put("apiVersion", "v1").put("kind", "Config");
        written.putArray("clusters")
                .addObject()
                .put("name", name)
                .putObject("cluster")
                .put("server", url);
        written.putArray("users")
                .addObject()
                .put("name", name)
                .putObject("user")
                .put("token", token);
        written.putArray("contexts")
                .addObject()
                .put("name", name)
                .putObject("context")
                .put("cluster", name)
                .put("user", name);
        return Json.text(written.put("current-context", name));
    }

    /// Whoever has bought a part of a cluster has nobody to write to.
    private static boolean isMailed(Agreement agreement) {
        return agreement.lent() && !agreement.contract().extra().containsKey(Contract.CLUSTER);
    }

    /// Whether that is the secret of that contract. It takes as long whether there is such a contract or not.
    ///
    /// @param contract empty if there is none
    boolean opens(Optional<Resource> contract, String token) {
        var lent = contract.filter(one -> isMailed(one.as(Agreement.class)));
        var secret = token(
                lent.map(Resource::id).orElse(NOTHING),
                lent.map(one -> one.as(Agreement.class).transaction()).orElse(NOTHING));
        return MessageDigest.isEqual(secret.getBytes(UTF_8), token.getBytes(UTF_8)) && lent.isPresent();
    }

    private String token(UUID contract, UUID transaction) {
        return secrets.derived(PURPOSE, contract + "\n" + transaction);
    }
}
