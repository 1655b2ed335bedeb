package holdfast.api.rear;

import static java.nio.charset.StandardCharsets.UTF_8;

import holdfast.platform.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.util.Base64;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// A node of release 0.1 that buys, written after fluidos.md 5.1 to 5.6 and 5.10: a new connection for each call, no
/// `Accept`, brackets as they are, a trailing `?`; it breaks where that breaks.
final class UpstreamBuyer {
    private static final Pattern DNS = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
    private static final int OBJECT_NAME = 63;

    private final URI node;

    UpstreamBuyer(URI node) {
        this.node = node;
    }

    /// @param body empty after 204
    record Got(int status, String body) {}

    /// LIST by selector, whose first flavor is taken; everything if it is empty.
    JsonNode discover(String selector) {
        var got = call("GET", selector.isEmpty() ? "/api/v2/flavors" : "/api/v2/flavors/k8slice?" + selector, "");
        return switch (got.status) {
            case 200 -> Json.tree(got.body);
            case 204 -> Json.array();
            default -> throw new IllegalStateException("received response code " + got.status);
        };
    }

    /// @return the transaction
    JsonNode reserve(String flavor, String configuration) {
        var body =
                "{\"flavorID\":\"%s\",\"buyerID\":{\"ID\":\"c7m1lano00\",\"IP\":\"10.20.0.9:30000\",".formatted(flavor)
                        + "\"domain\":\"alps.example\",\"additionalInformation\":{\"liqoID\":\"milano-edge\","
                        + "\"kubeconfig\":\"c2VjcmV0\"}}"
                        + (configuration.isEmpty() ? "" : ",\"configuration\":" + configuration)
                        + "}";
        var transaction = Json.tree(ok(call("POST", "/api/v2/reservations", body)).body);
        need(!transaction.path("transactionID").asString("").isEmpty(), "no transactionID");
        need(transaction.path("flavorID").asString("").equals(flavor), "a transaction for another flavor");
        return transaction;
    }

    /// @return the contract, from which it would begin to peer
    JsonNode purchase(JsonNode transaction) {
        var path = "/api/v2/transactions/" + transaction.path("transactionID").asString("") + "/purchase";
        var contract = Json.tree(ok(call("POST", path, "{}")).body);
        var flavor = contract.at("/flavor/flavorID").asString("");
        need(flavor.equals(transaction.path("flavorID").asString("")), "a contract for another flavor");
        need(!contract.at("/seller/additionalInformation/liqoID").asString("").isEmpty(), "no fabric of the seller");
        need(!contract.at("/buyerID/additionalInformation/liqoID").asString("").isEmpty(), "no fabric of the buyer");
        need(!contract.at("/seller/ID").asString("").equals("c7m1lano00"), "bought from itself");
        var name = contract.path("contractID").asString("");
        need(DNS.matcher(name).matches() && name.length() <= OBJECT_NAME, "no name for an object: " + name);
        Base64.getDecoder()
                .decode(contract.at("/peeringTargetCredentials/kubeconfig").asString("-"));
        return contract;
    }

    private static Got ok(Got got) {
        need(got.status == 200, "received response code " + got.status + ": " + got.body);
        return got;
    }

    private static void need(boolean condition, String otherwise) {
        if (!condition) throw new IllegalStateException(otherwise);
    }

    Got call(String method, String target, String body) {
        var head = method + " " + target + " HTTP/1.1\r\nHost: " + node.getAuthority()
                + "\r\nUser-Agent: Go-http-client/1.1\r\nConnection: close\r\n"
                + (body.isEmpty()
                        ? ""
                        : "Content-Type: application/json\r\nContent-Length: " + body.getBytes(UTF_8).length + "\r\n")
                + "\r\n";
        try (var socket = new Socket(node.getHost(), node.getPort())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write((head + body).getBytes(UTF_8));
            var all = new String(socket.getInputStream().readAllBytes(), UTF_8);
            var parts = all.split("\r\n\r\n", 2);
            need(!parts[0].toLowerCase(java.util.Locale.ROOT).contains("transfer-encoding"), "sent in chunks");
            return new Got(Integer.parseInt(parts[0].split(" ")[1]), parts.length > 1 ? parts[1] : "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
