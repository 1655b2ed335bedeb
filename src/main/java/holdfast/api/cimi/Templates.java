package holdfast.api.cimi;

import holdfast.core.Answer;
import holdfast.engine.Resource;
import holdfast.orchestrator.instances.MachineTemplates;
import holdfast.platform.Json;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/// Machine templates (aeolus.md 5.4.3). They are kept as they were sent, without what is not theirs.
final class Templates implements Kind {
    static final String PATH = "machine_templates";
    private static final String TEMPLATE = "machineTemplate";
    private static final List<String> CONTENT = List.of(
            "initialState",
            "machineConfig",
            "machineImage",
            "credential",
            "volumes",
            "volumeTemplates",
            "networkInterfaces",
            "userData",
            "realm");
    private static final List<String> OWN = List.of("description", Notation.PROPERTIES);

    private final MachineTemplates kept;

    Templates(MachineTemplates kept) {
        this.kept = kept;
    }

    @Override
    public String path() {
        return PATH;
    }

    @Override
    public String type() {
        return "MachineTemplate";
    }

    @Override
    public Optional<String> entry() {
        return Optional.of("machineTemplates");
    }

    @Override
    public boolean adds(Face face) {
        return true;
    }

    @Override
    public List<ObjectNode> all(Face face) {
        return kept.list(face.caller()).stream().map(one -> document(face, one)).toList();
    }

    @Override
    public Optional<ObjectNode> one(Face face, String id) {
        return find(face, id).map(one -> document(face, one));
    }

    @Override
    public Optional<Long> version(Face face, String id) {
        return find(face, id).map(Resource::version);
    }

    private Optional<Resource> find(Face face, String id) {
        try {
            return kept.find(face.caller(), UUID.fromString(id));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /// References lead to here, whatever host they named.
    private static ObjectNode document(Face face, Resource one) {
        var content = one.content();
        var at = face.at(PATH, one.id().toString());
        var node = Face.common(
                at,
                one.name(),
                Fields.text(content, "description"),
                Optional.of(one.created()),
                Optional.of(one.updated()),
                Fields.properties(content));
        for (var field : CONTENT) {
            if (content.has(field)) {
                node.set(field, content.get(field));
            }
        }
        Fields.reference(node, "machineConfig")
                .ifPresent(id -> node.set("machineConfig", face.reference(MachineConfigurations.PATH, id)));
        Fields.reference(node, "machineImage")
                .ifPresent(id -> node.set("machineImage", face.reference(MachineImages.PATH, id)));
        Face.operation(node, Face.ACTION + "delete", at);
        Face.operation(node, "delete", at);
        Face.operation(node, "edit", at);
        return node;
    }

    @Override
    public Done create(Face face, ObjectNode body, Optional<String> token) {
        var content = content(body);
        return Done.created(document(face, orThrow(kept.add(face.caller(), name(body), content))));
    }

    @Override
    public Done edit(Face face, String id, ObjectNode body, Optional<Long> version) {
        var before = find(face, id).orElseThrow(() -> Problem.nothing("machine template " + id));
        if (version.filter(expected -> expected != before.version()).isPresent()) {
            throw new Problem(412, "the machine template was changed meanwhile; read it again");
        }
        var select = face.query().select();
        var whole = before.content().put("name", before.name());
        if (select.isEmpty()) {
            whole.setAll(body);
        } else {
            select.stream().filter(body::has).forEach(field -> whole.set(field, body.get(field)));
        }
        return Done.ok(document(face, orThrow(kept.change(face.caller(), before.id(), name(whole), content(whole)))));
    }

    @Override
    public Done delete(Face face, String id) {
        var before = find(face, id).orElseThrow(() -> Problem.nothing("machine template " + id));
        orThrow(kept.remove(face.caller(), before.id()));
        return Done.nothing(200);
    }

    private static Resource orThrow(Answer<Resource> answer) {
        return switch (answer) {
            case Answer.Yes<Resource>(var resource) -> resource;
            case Answer.No<Resource>(var why) -> throw Problem.of(why);
        };
    }

    private static String name(ObjectNode body) {
        return Fields.text(body, "name", 255).orElse("template");
    }

    private static ObjectNode content(ObjectNode body) {
        var content = Json.object();
        for (var field : CONTENT) {
            if (body.has(field)) {
                content.set(field, body.get(field));
            }
        }
        for (var field : List.of("machineConfig", "machineImage")) {
            if (!content.has(field)) {
                throw Problem.malformed(field + " is missing in the machine template");
            }
        }
        OWN.stream().filter(body::has).forEach(field -> content.set(field, body.get(field)));
        return content;
    }

    /// What a machine is made of: the template of the request, over that one which it refers to.
    ///
    /// @throws Problem if there is none
    ObjectNode whole(Face face, ObjectNode create) {
        var given = Fields.object(create, TEMPLATE)
                .orElseThrow(() -> Problem.malformed(TEMPLATE + " is missing, by value or by href"));
        var id = Fields.reference(create, TEMPLATE);
        if (id.isEmpty()) {
            return given;
        }
        var base = find(face, id.get())
                .orElseThrow(() -> Problem.nothing("machine template " + id.get()))
                .content();
        var whole = Json.object();
        for (var field : CONTENT) {
            if (given.has(field)) {
                whole.set(field, given.get(field));
            } else if (base.has(field)) {
                whole.set(field, base.get(field));
            }
        }
        return whole;
    }
}
