package holdfast.api.keystone;

import holdfast.api.Entrances;
import holdfast.api.Identity;
import holdfast.api.Sessions.Open;
import holdfast.api.Sessions.Session;
import holdfast.platform.Json;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// Tokens and versions as Keystone writes them.
final class TokenView {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private TokenView() {}

    private record Service(String type, String name, String path) {}

    private static final List<Service> SERVICES = List.of(
            new Service("identity", "keystone", "/" + Entrances.IDENTITY + "/v3"),
            new Service("reservation", "blazar", Entrances.RESERVATION),
            new Service("promise", "promise", Entrances.PROMISE));

    /// @param base under which the client knows this server
    static ObjectNode token(Open open, String base, boolean catalog) {
        var session = open.session();
        var identity = Identity.of(open.caller());
        var token = Json.object();
        var methods = token.putArray("methods");
        session.methods().forEach(methods::add);
        token.set("user", named(identity.userId(), identity.userName()).putNull("password_expires_at"));
        token.set("project", named(identity.projectId(), identity.projectName()));
        token.put("is_domain", false);
        var roles = token.putArray("roles");
        identity.roles().forEach(role -> roles.addObject().put("id", role).put("name", role));
        if (catalog) {
            var services = token.putArray("catalog");
            SERVICES.forEach(service -> services.add(service(service, base)));
        }
        times(token, session);
        return Json.object().set("token", token);
    }

    private static void times(ObjectNode token, Session session) {
        token.put("issued_at", time(session.issued())).put("expires_at", time(session.until()));
        token.putArray("audit_ids");
    }

    private static String time(Instant at) {
        return TIME.format(at);
    }

    private static ObjectNode named(String id, String name) {
        var node = Json.object().put("id", id).put("name", name);
        node.putObject("domain").put("id", "default").put("name", "Default");
        return node;
    }

    private static ObjectNode service(Service service, String base) {
        var node =
                Json.object().put("id", service.name).put("type", service.type).put("name", service.name);
        var endpoints = node.putArray("endpoints");
        Stream.of("public", "internal", "admin")
                .forEach(side -> endpoints
                        .addObject()
                        .put("id", service.name + "-" + side)
                        .put("interface", side)
                        .put("region", Entrances.REGION)
                        .put("region_id", Entrances.REGION)
                        .put("url", base + service.path));
        return node;
    }

    /// The version that is spoken here.
    static ObjectNode version(String base) {
        var version = Json.object().put("id", "v3.14").put("status", "stable").put("updated", "2020-04-07T00:00:00Z");
        version.putArray("links").addObject().put("rel", "self").put("href", base + "/" + Entrances.IDENTITY + "/v3/");
        version.putArray("media-types")
                .addObject()
                .put("base", "application/json")
                .put("type", "application/vnd.openstack.identity-v3+json");
        return version;
    }
}
