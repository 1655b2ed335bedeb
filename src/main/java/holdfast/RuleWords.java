package holdfast;

import holdfast.authority.CloudThings.Listener;
import holdfast.authority.CloudThings.Rule;
import holdfast.authority.CloudThings.Source;
import holdfast.orchestrator.instances.AccountThing;

/// Rules of firewalls and ports of load balancers, from the words of drivers into those of pools and back.
final class RuleWords {
    /// All of them, or one that cannot be read.
    private static final int NO_PORT = -1;

    private RuleWords() {}

    static AccountThing.Rule read(Rule rule) {
        return new AccountThing.Rule(
                rule.id(),
                rule.protocol(),
                port(rule.from()),
                port(rule.to()),
                rule.direction(),
                rule.sources().stream().map(RuleWords::read).toList());
    }

    private static AccountThing.Source read(Source source) {
        return switch (source) {
            case Source.Group(var name, var owner) -> new AccountThing.Source.Group(name, owner);
            case Source.Addresses(var block) -> {
                var sides = block.split("/", 2);
                boolean six = sides[0].contains(":");
                int whole = six ? 128 : 32;
                int prefix = sides.length == 2 && sides[1].matches("\\d{1,3}") ? Integer.parseInt(sides[1]) : whole;
                yield new AccountThing.Source.Range(six ? "ipv6" : "ipv4", sides[0], Math.min(prefix, whole));
            }
        };
    }

    static Rule told(AccountThing.Rule rule) {
        return new Rule(
                rule.id(),
                rule.protocol(),
                String.valueOf(rule.from()),
                String.valueOf(rule.to()),
                rule.direction(),
                rule.sources().stream().map(RuleWords::told).toList());
    }

    private static Source told(AccountThing.Source source) {
        return switch (source) {
            case AccountThing.Source.Group(var name, var owner) -> new Source.Group(name, owner);
            case AccountThing.Source.Range(var _, var address, var prefix) ->
                new Source.Addresses(address + "/" + prefix);
        };
    }

    static Listener listener(AccountThing.Listener listener) {
        return new Listener(
                listener.protocol(), String.valueOf(listener.port()), String.valueOf(listener.instancePort()));
    }

    static int port(String text) {
        return text.matches("\\d{1,5}") ? Integer.parseInt(text) : NO_PORT;
    }
}
