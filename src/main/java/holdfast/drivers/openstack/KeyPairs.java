package holdfast.drivers.openstack;

import static holdfast.drivers.openstack.Api.word;
import static holdfast.drivers.openstack.Service.COMPUTE;
import static holdfast.drivers.openstack.Service.COMPUTE_WITH_KEYS;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// What we say to Nova of pairs of keys. They belong to our user, and have no ids but their names.
final class KeyPairs {
    private final Api api;

    KeyPairs(Api api) {
        this.api = api;
    }

    /// Has Nova make one, which only its older versions do.
    ///
    /// @return the private half, which is told once
    String create(String name) {
        return Fields.text(made(COMPUTE_WITH_KEYS, Map.of("name", name, "type", "ssh")), "private_key");
    }

    /// Makes one, or takes one that somebody has made.
    ///
    /// @param pair `name`, and perhaps `public_key`
    JsonNode make(Map<String, String> pair) {
        return made(pair.containsKey("public_key") ? COMPUTE : COMPUTE_WITH_KEYS, pair);
    }

    private JsonNode made(Service service, Map<String, String> pair) {
        return api.send(service, "POST", "/os-keypairs", Map.of("keypair", pair))
                .path("keypair");
    }

    List<JsonNode> all() {
        return Fields.each(api.get(COMPUTE, "/os-keypairs").path("keypairs"))
                .map(one -> one.path("keypair"))
                .toList();
    }

    JsonNode find(String name) {
        return api.get(COMPUTE, "/os-keypairs/" + word(name)).path("keypair");
    }

    List<String> names() {
        return all().stream().map(pair -> Fields.text(pair, "name")).toList();
    }

    /// False if there is none.
    boolean delete(String name) {
        return api.delete(COMPUTE, "/os-keypairs/" + word(name));
    }
}
