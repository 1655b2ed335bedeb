package holdfast.federation.wire;

import holdfast.core.Answer;
import holdfast.platform.Json;
import holdfast.protocol.rear.NodeIdentity;
import holdfast.protocol.rear.Publication;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What is said to catalogs, as JSON (fluidos.md 4.4, 5.9 point 9).
public final class CatalogText {
    private static final int LONG = 4_000;

    private CatalogText() {}

    /// A publisher.
    ///
    /// @param key the fingerprint of the key by which it signs; empty if it signs nothing
    /// @param visibility the domains that may hear of what says nothing else; empty: all
    public record Registers(NodeIdentity node, Optional<String> key, Set<String> visibility) {
        public Registers {
            visibility = Set.copyOf(visibility);
        }
    }

    /// What is published, and by what it is signed.
    ///
    /// @param jws a detached JWS over [holdfast.protocol.rear.Signatures#text(Publication)]
    public record Signed(Publication publication, Optional<String> jws) {}

    /// What came of an offer that was found in a catalog, if it could not be had.
    public enum Outcome {
        /// Its owner does not know it any more.
        GONE,
        /// What is left of it is held by others.
        HELD,
        /// Its owner does not answer.
        UNREACHABLE;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// How a purchase went.
    ///
    /// @param publisher id of the node that sold it
    /// @param activeSeconds how long it was used so far
    /// @param violations how often less was there than was promised
    /// @param receipt the hash of a contract; empty if it shows none
    public record Rated(
            String publisher,
            boolean reserveOk,
            boolean purchaseOk,
            long activeSeconds,
            int violations,
            Optional<String> receipt) {}

    static String write(Registers publisher) {
        var written = Json.object();
        written.set("identity", DomainText.identity(publisher.node()));
        written.put("endpoint", publisher.node().address());
        publisher.key().ifPresent(key -> written.put("key", key));
        return Json.text(written.set("visibility", list(publisher.visibility())));
    }

    /// Reads a registration.
    public static Answer<Registers> registers(String body) {
        return RearReader.read(
                body,
                message -> new Registers(
                        RearReader.identity(message.at("identity")),
                        message.at("key").maybe().map(Item::id),
                        domains(message.at("visibility"))));
    }

    /// Who publishes, and by which key it is known, as JSON.
    public static String told(Registers publisher) {
        return write(publisher);
    }

    static String write(Signed signed) {
        return Json.text(tree(signed));
    }

    /// What is published, as JSON.
    public static ObjectNode tree(Signed signed) {
        var said = signed.publication();
        var written = Json.object().put("publisher", said.publisher());
        written.set("flavor", Dialect.NODE.writer().tree(said.flavor()));
        written.put("epoch", said.epoch())
                .put("sequence", said.sequence())
                .put("asOf", said.asOf().toString())
                .put("ttl", said.ttlSeconds());
        written.set("visibility", list(said.visibility()));
        signed.jws().ifPresent(jws -> written.put("jws", jws));
        return written;
    }

    /// Reads what is published.
    public static Answer<Signed> signed(String body) {
        return RearReader.flavorIn(
                body,
                "flavor",
                (message, flavor) -> new Signed(
                        new Publication(
                                message.at("publisher").id(),
                                flavor,
                                message.at("epoch").whole(0, Long.MAX_VALUE),
                                message.at("sequence").whole(1, Long.MAX_VALUE),
                                message.at("asOf").time(),
                                message.at("ttl").isThere()
                                        ? (int) message.at("ttl").whole(Publication.SHORTEST, Publication.LONGEST)
                                        : Publication.USUAL,
                                domains(message.at("visibility"))),
                        message.at("jws").said(LONG)));
    }

    static String report(Outcome outcome, Instant at) {
        return Json.text(Json.object().put("outcome", outcome.word()).put("at", at.toString()));
    }

    /// Reads a report.
    public static Answer<Outcome> report(String body) {
        return RearReader.read(body, message -> {
            message.at("at").maybe().ifPresent(Item::time);
            var said = message.at("outcome");
            return Arrays.stream(Outcome.values())
                    .filter(one -> one.word().equals(said.text(Item.NAME)))
                    .findFirst()
                    .orElseThrow(() -> said.refused("must be gone, held or unreachable"));
        });
    }

    static String write(Rated rated) {
        var written = Json.object()
                .put("publisher", rated.publisher())
                .put("reserveOk", rated.reserveOk())
                .put("purchaseOk", rated.purchaseOk())
                .put("activeSeconds", rated.activeSeconds())
                .put("violations", rated.violations());
        rated.receipt().ifPresent(hash -> written.put("receipt", hash));
        return Json.text(written);
    }

    /// Reads a rating.
    public static Answer<Rated> rated(String body) {
        return RearReader.read(
                body,
                message -> new Rated(
                        message.at("publisher").id(),
                        message.at("reserveOk").truth(),
                        message.at("purchaseOk").truth(),
                        message.at("activeSeconds").isThere()
                                ? message.at("activeSeconds").whole(0, Integer.MAX_VALUE)
                                : 0,
                        message.at("violations").isThere()
                                ? (int) message.at("violations").whole(0, Integer.MAX_VALUE)
                                : 0,
                        message.at("receipt").said(Item.NAME)));
    }

    private static ArrayNode list(Collection<String> words) {
        var list = Json.array();
        words.stream().sorted().forEach(list::add);
        return list;
    }

    private static Set<String> domains(Item list) {
        return list.items().stream().map(Item::id).collect(Collectors.toUnmodifiableSet());
    }
}
