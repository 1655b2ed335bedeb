package holdfast.api.cimi;

import holdfast.orchestrator.instances.AccountThing.Key;
import holdfast.orchestrator.instances.Wish;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Keys that open machines (aeolus.md 5.4.3). The private part is told once, in the answer that tells of its making.
record Credentials(Kept templates) implements ThingKind<Key> {
    static final String PATH = "credentials";
    static final String NEEDS = "keys";
    private static final String FINGERPRINT = "fingerprint";

    @Override
    public String path() {
        return PATH;
    }

    @Override
    public String type() {
        return "Credential";
    }

    @Override
    public Optional<String> entry() {
        return Optional.of("credentials");
    }

    @Override
    public Optional<String> needs() {
        return Optional.of(NEEDS);
    }

    @Override
    public List<String> extensions() {
        return List.of(FINGERPRINT);
    }

    @Override
    public Class<Key> thing() {
        return Key.class;
    }

    @Override
    public ObjectNode document(Face face, Key key) {
        var at = face.at(PATH, key.id());
        var node = Face.common(at, key.name(), Optional.empty(), Optional.empty(), Optional.empty(), Map.of());
        key.fingerprint().ifPresent(text -> node.put(FINGERPRINT, text));
        Face.operation(node, "delete", at);
        return node;
    }

    @Override
    public Key make(Face face, ObjectNode body) {
        var template = templates.wholeOrEmpty(face, body, "credentialTemplate");
        var name = Fields.name(body)
                .or(() -> Fields.name(template))
                .orElseThrow(() -> Problem.malformed("Required attributes not set: name"));
        var publicKey = Fields.text(template, "key");
        if (publicKey.isPresent() && !face.offer().has(NEEDS, "import_key")) {
            throw new Problem(409, "no account of this pool takes keys that users have; leave the key out");
        }
        return face.things().make(new Wish.NewKey(name, publicKey)).orThrow();
    }

    @Override
    public void once(ObjectNode document, Key made) {
        made.pem().ifPresent(pem -> document.put("key", pem));
    }
}
