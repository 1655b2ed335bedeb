package holdfast.federation.wire;

import holdfast.core.Answer;
import holdfast.platform.Json;
import holdfast.protocol.rear.NodeIdentity;
import tools.jackson.databind.node.ObjectNode;

/// What nodes of one domain say to their supernode, as JSON (fluidos.md 4.2, 5.9).
public final class DomainText {
    private static final int USUAL = 90;
    private static final int MOST = 86_400;

    private DomainText() {}

    /// A node that joins, or is still there.
    ///
    /// @param ttlSeconds so long it wants to be counted as there
    public record Joins(NodeIdentity node, int ttlSeconds) {}

    static String joining(NodeIdentity who, int ttlSeconds) {
        var written = Json.object();
        written.set("identity", identity(who));
        return Json.text(written.put("role", "node").put("ttl", ttlSeconds));
    }

    /// Reads what [#joining] writes.
    public static Answer<Joins> joins(String body) {
        return RearReader.read(
                body,
                message -> new Joins(
                        RearReader.identity(message.at("identity")),
                        message.at("ttl").isThere() ? (int) message.at("ttl").whole(1, MOST) : USUAL));
    }

    static Answer<NodeIdentity> supernode(String body) {
        return RearReader.read(body, message -> RearReader.identity(message.at("supernode")));
    }

    /// Who a node is, as in the dialect of nodes.
    public static ObjectNode identity(NodeIdentity node) {
        return NodeDialect.identity(node, node.fabric());
    }
}
