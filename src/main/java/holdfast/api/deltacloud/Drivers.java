package holdfast.api.deltacloud;

import holdfast.core.Caller;
import holdfast.orchestrator.instances.VirtualCloud;
import holdfast.platform.Json;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// The broker, and the types of providers that a client may ask it to keep to (aeolus.md 5.3.3).
final class Drivers {
    /// As people write them; in lower case they are the drivers.
    private static final Map<String, String> NAMES = Map.of(
            "mock",
            "Mock",
            "ec2",
            "EC2",
            "openstack",
            "OpenStack",
            "rackspace",
            "Rackspace",
            "rhevm",
            "RHEVM",
            "vsphere",
            "vSphere",
            Ask.BROKER,
            "Broker");

    private final VirtualCloud.Finder pools;

    Drivers(VirtualCloud.Finder pools) {
        this.pools = pools;
    }

    Collection collection() {
        return Collection.open(
                "drivers", Operation.of("index", "GET", "", this::list), Operation.of("show", "GET *", "", this::show));
    }

    private List<String> drivers() {
        return Stream.concat(Stream.of(Ask.BROKER), pools.drivers().stream()).toList();
    }

    private static String name(String driver) {
        return NAMES.getOrDefault(driver, driver);
    }

    /// The pools that the caller may use.
    private List<String> providers(Ask ask) {
        return ask.caller().map(this::providers).orElse(List.of());
    }

    private List<String> providers(Caller caller) {
        return pools.pools(caller);
    }

    private static Element driver(Ask ask, String driver) {
        return Element.of("driver")
                .with("id", driver)
                .with("href", ask.links().member("drivers", driver))
                .and(Element.text("name", name(driver)));
    }

    private Told list(Ask ask) {
        var providers = providers(ask);
        var json = Json.object();
        for (var driver : drivers()) {
            var told = json.putObject(driver).put("name", name(driver));
            entries(ask, driver, told.putObject("entrypoints").putObject("default"));
        }
        var xml = drivers().stream()
                .map(driver -> driver(ask, driver)
                        .and(providers.stream()
                                .map(provider -> Element.of("provider").with("id", provider))
                                .toArray(Element[]::new)))
                .toList();
        return Told.ok(new Document("drivers", Element.of("drivers", xml), json));
    }

    private void entries(Ask ask, String driver, ObjectNode entries) {
        providers(ask).forEach(provider -> entries.put(provider, entry(ask, driver, provider)));
    }

    private static String entry(Ask ask, String driver, String provider) {
        return ask.request().base() + "/api;driver=" + Links.encoded(driver) + ";provider=" + Links.encoded(provider);
    }

    private Told show(Ask ask) {
        var driver = ask.id();
        if (!drivers().contains(driver)) {
            throw Problem.notThere("driver", driver);
        }
        var xml = driver(ask, driver)
                .and(providers(ask).stream()
                        .map(provider -> Element.of("provider")
                                .with("id", provider)
                                .and(Element.text("entrypoint", entry(ask, driver, provider))
                                        .with("kind", "default")))
                        .toArray(Element[]::new));
        var json = Json.object();
        json.putObject("driver").put("name", name(driver)).put("id", driver);
        return Told.ok(new Document("driver " + driver, xml, json));
    }
}
