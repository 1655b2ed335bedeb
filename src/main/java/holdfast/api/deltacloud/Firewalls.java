package holdfast.api.deltacloud;

import holdfast.orchestrator.instances.AccountThing.Firewall;
import holdfast.orchestrator.instances.AccountThing.Rule;
import holdfast.orchestrator.instances.AccountThing.Source;
import holdfast.orchestrator.instances.Wish;
import holdfast.platform.Json;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Firewalls and their rules (aeolus.md 5.3.8).
final class Firewalls {
    private static final String NAME = "firewalls";
    private static final String RULES = "rules";
    private static final int MOST_SOURCES = 50;
    private static final int PORTS = 65_535;

    private Firewalls() {}

    static Collection collection() {
        var firewalls = new Things<>(NAME, "firewall", Firewall.class, Firewalls::firewall);
        return Collection.offered(
                NAME,
                firewalls.index(),
                firewalls.show(),
                firewalls.create(
                        "name* description*",
                        ask -> new Wish.NewFirewall(ask.required("name"), ask.required("description"))),
                firewalls.destroy(),
                firewalls.made(
                        RULES,
                        "POST */rules",
                        "protocol*=tcp|udp|icmp port_from* port_to* ip_address1 group1 group1owner",
                        ask -> new Wish.AddRule(ask.id(), rule(ask))),
                Operation.of(
                        "drop_rule",
                        "DELETE */rules/*",
                        "",
                        ask -> drop(ask, ask.path().get(2))),
                Operation.of(
                        "drop_rule_of",
                        "DELETE */rule/*",
                        "",
                        ask -> drop(ask, ask.path().get(2))),
                Operation.of("rule", "DELETE */rule", "rule_id*", ask -> drop(ask, ask.required("rule_id"))));
    }

    private static Told drop(Ask ask, String rule) {
        ask.things().get().make(new Wish.DropRule(ask.id(), rule)).orThrow();
        return Told.gone();
    }

    private static Rule rule(Ask ask) {
        var sources = new ArrayList<Source>();
        ask.numbered("ip_address", MOST_SOURCES).stream().map(Firewalls::range).forEach(sources::add);
        for (int number = 1; number <= MOST_SOURCES; number++) {
            var owner = ask.field("group" + number + "owner").orElse("");
            ask.field("group" + number).ifPresent(name -> sources.add(new Source.Group(name, owner)));
        }
        if (sources.isEmpty()) {
            throw Problem.malformed("a rule needs at least one of ip_address1, group1");
        }
        int from = ask.number("port_from", -1, PORTS);
        int to = ask.number("port_to", -1, PORTS);
        boolean ports = !ask.required("protocol").equalsIgnoreCase("icmp"); // that has types and codes instead
        if (ports && to < from) {
            throw Problem.malformed("Parameter 'port_to' is " + to + ", which is below port_from, " + from);
        }
        return new Rule("", ask.required("protocol"), from, to, "ingress", sources);
    }

    /// `192.0.2.0/24`, or one address.
    private static Source range(String text) {
        var sides = text.strip().split("/", 2);
        try {
            boolean old = InetAddress.ofLiteral(sides[0]) instanceof Inet4Address;
            int longest = old ? 32 : 128;
            int prefix = sides.length == 1 ? longest : Integer.parseInt(sides[1]);
            if (prefix >= 0 && prefix <= longest) {
                return new Source.Range(old ? "ipv4" : "ipv6", sides[0], prefix);
            }
        } catch (IllegalArgumentException _) {
            // told below
        }
        throw Problem.malformed("'" + Problem.shorten(text) + "' is no range of addresses such as 192.0.2.0/24");
    }

    private static void firewall(Entity entity, Ask ask, Firewall firewall) {
        entity.actions(List.of(entity.destroy(), new Entity.Link("update", "post", entity.href() + "/" + RULES)))
                .cdata("name", firewall.name())
                .cdata("description", firewall.description())
                .text("owner_id", firewall.owner());
        var json = Json.array();
        var xml = new ArrayList<Element>();
        for (var rule : firewall.rules()) {
            var href = ask.links().member(NAME, firewall.id(), RULES, rule.id());
            xml.add(rule(rule, href));
            json.add(json(rule, href));
        }
        entity.field(Element.of(RULES, xml), RULES, json);
    }

    private static Element rule(Rule rule, String href) {
        return Element.of(
                        "rule",
                        Element.of("actions", new Entity.Link("destroy", "delete", href).xml()),
                        Element.text("allow_protocol", rule.protocol()),
                        Element.text("port_from", String.valueOf(rule.from())),
                        Element.text("port_to", String.valueOf(rule.to())),
                        Element.text("direction", rule.direction()),
                        Element.of("rule_action"),
                        Element.of("log_rule"),
                        Element.of(
                                "sources",
                                rule.sources().stream().map(Firewalls::source).toList()))
                .with("href", href)
                .with("id", rule.id());
    }

    private static Element source(Source source) {
        return switch (source) {
            case Source.Range(var family, var address, var prefix) ->
                Element.of("source")
                        .with("type", "address")
                        .with("family", family)
                        .with("address", address)
                        .with("prefix", String.valueOf(prefix));
            case Source.Group(var name, var owner) ->
                Element.of("source").with("type", "group").with("name", name).with("owner", owner);
        };
    }

    private static ObjectNode json(Rule rule, String href) {
        var json = Json.object()
                .put("id", rule.id())
                .put("href", href)
                .put("allow_protocol", rule.protocol())
                .put("port_from", rule.from())
                .put("port_to", rule.to())
                .put("direction", rule.direction());
        var sources = json.putArray("sources");
        rule.sources().forEach(source -> sources.add(json(source)));
        return json;
    }

    private static JsonNode json(Source source) {
        return switch (source) {
            case Source.Range(var family, var address, var prefix) ->
                Json.object()
                        .put("type", "address")
                        .put("family", family)
                        .put("address", address)
                        .put("prefix", prefix);
            case Source.Group(var name, var owner) ->
                Json.object().put("type", "group").put("name", name).put("owner", owner);
        };
    }
}
