package holdfast.federation.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.platform.Json;
import holdfast.protocol.rear.NodeIdentity;
import java.util.Optional;

/// What a node says of itself to whoever listens (fluidos.md 5.7). Nodes of others say only who they are.
///
/// @param role what it is in its domain
/// @param seq grows with each announcement of a node, also over its restarts; 0 if it says none
/// @param signature of [#text]: a detached JWS that names the key; empty if nothing is proved
public record Announcement(NodeIdentity node, String role, long seq, Optional<String> signature) {
    /// The most that one may have, in bytes.
    public static final int LARGEST = 1_024;

    private static final String NODE = "node";
    private static final int LONGEST = 700;

    /// What is signed. Names and addresses have no blanks.
    public String text() {
        return String.join(" ", "announcement", node.domain(), node.id(), node.address(), role, Long.toString(seq));
    }

    /// The same, signed.
    public Announcement signed(String by) {
        return new Announcement(node, role, seq, Optional.of(by));
    }

    /// As it goes over the wire.
    public byte[] bytes() {
        var written = Json.object()
                .put("domain", node.domain())
                .put("nodeID", node.id())
                .put("ip", node.address())
                .put("role", role)
                .put("seq", seq);
        signature.ifPresent(by -> written.put("sig", by));
        return Json.text(written).getBytes(UTF_8);
    }

    /// Reads what came over the wire: at most 1,024 bytes.
    public static Answer<Announcement> read(byte[] bytes) {
        return bytes.length > LARGEST
                ? Answer.no(
                        Refusal.malformed("body", "the body has " + bytes.length + " bytes: send at most " + LARGEST))
                : RearReader.read(new String(bytes, UTF_8), Announcement::read);
    }

    private static Announcement read(Item message) {
        var role = message.at("role").text(Item.NAME);
        return new Announcement(
                RearReader.identity(message),
                role.isEmpty() ? NODE : role,
                message.at("seq").isThere() ? message.at("seq").whole(0, Long.MAX_VALUE) : 0,
                message.at("sig").said(LONGEST));
    }
}
