package holdfast.api.cimi;

import holdfast.core.Caller;
import holdfast.engine.Resource;
import holdfast.orchestrator.instances.CloudTemplates;
import holdfast.platform.Json;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// Templates and configurations of one shape (aeolus.md 5.4.3). They are kept as they were sent, without what is not
/// theirs.
record Kept(Shape shape, CloudTemplates kept) implements Kind {
    private static final String DESCRIPTION = "description";
    private static final Set<String> NUMBERS = Set.of(Sizes.CAPACITY, "mtu");

    @Override
    public String path() {
        return shape.path();
    }

    @Override
    public String type() {
        return shape.type();
    }

    @Override
    public Optional<String> entry() {
        return Optional.of(shape.entry());
    }

    @Override
    public Optional<String> needs() {
        return shape.needs();
    }

    @Override
    public boolean adds(Face face) {
        return true;
    }

    @Override
    public List<ObjectNode> all(Face face) {
        return kept.list(shape.stored(), face.caller()).stream()
                .map(one -> document(face, one))
                .toList();
    }

    @Override
    public Optional<ObjectNode> one(Face face, String id) {
        return find(face.caller(), id).map(one -> document(face, one));
    }

    @Override
    public Optional<Long> version(Face face, String id) {
        return find(face.caller(), id).map(Resource::version);
    }

    private Optional<Resource> find(Caller caller, String id) {
        return Fields.uuid(id).flatMap(known -> kept.find(shape.stored(), caller, known));
    }

    private Resource there(Face face, String id) {
        return find(face.caller(), id).orElseThrow(() -> Problem.nothing(shape.type() + " " + id));
    }

    /// References lead to here, whatever host they named.
    private ObjectNode document(Face face, Resource one) {
        var content = one.content();
        var at = face.at(path(), one.id().toString());
        var node = Face.common(
                at,
                one.name(),
                Fields.text(content, DESCRIPTION),
                Optional.of(one.created()),
                Optional.of(one.updated()),
                Fields.properties(content));
        for (var field : shape.content()) {
            if (content.has(field)) {
                node.set(field, content.get(field));
            }
        }
        shape.lead(face, node);
        Component.lead(face, node);
        Face.operation(node, Face.ACTION + "delete", at);
        Face.operation(node, "delete", at);
        Face.operation(node, "edit", at);
        return node;
    }

    @Override
    public Done create(Face face, ObjectNode body, Optional<String> token) {
        var made = kept.add(shape.stored(), face.caller(), name(body), content(body));
        return Done.created(document(face, made.orThrow()));
    }

    @Override
    public Done edit(Face face, String id, ObjectNode body, Optional<Long> version) {
        var before = there(face, id);
        if (version.filter(expected -> expected != before.version()).isPresent()) {
            throw new Problem(412, "it was changed meanwhile; read it again");
        }
        var select = face.query().select();
        var whole = before.content().put("name", before.name());
        if (select.isEmpty()) {
            whole.setAll(body);
        } else {
            select.stream().filter(body::has).forEach(field -> whole.set(field, body.get(field)));
        }
        var after = kept.change(shape.stored(), face.caller(), before.id(), name(whole), content(whole));
        return Done.ok(document(face, after.orThrow()));
    }

    @Override
    public Done delete(Face face, String id) {
        kept.remove(shape.stored(), face.caller(), there(face, id).id()).orThrow();
        return Done.nothing(200);
    }

    private String name(ObjectNode body) {
        return Fields.text(body, "name", 255).orElse(shape.stored());
    }

    private ObjectNode content(ObjectNode body) {
        var missing =
                shape.content().stream().filter(shape.required()::contains).filter(field -> !body.has(field));
        var names = missing.toList();
        if (!names.isEmpty()) {
            throw Problem.malformed("Required attributes not set: " + String.join(", ", names));
        }
        var content = Json.object();
        for (var field : shape.content()) {
            if (NUMBERS.contains(field)) {
                Fields.number(body, field).ifPresent(number -> content.put(field, number.longValue()));
            } else if (body.has(field)) {
                content.set(field, body.get(field));
            }
        }
        Fields.list(content, Component.DESCRIPTORS)
                .forEach(component -> Fields.number(component, Component.QUANTITY)
                        .ifPresent(number -> component.put(Component.QUANTITY, number.longValue())));
        if (Json.text(content).contains("PRIVATE KEY")) {
            throw Problem.malformed("private keys are not kept here; send the public one");
        }
        Fields.text(body, DESCRIPTION).ifPresent(text -> content.put(DESCRIPTION, text));
        if (body.has(Notation.PROPERTIES)) {
            Fields.properties(body).forEach(content.putObject(Notation.PROPERTIES)::put);
        }
        return content;
    }

    /// What something is made of: what is given in the request, over that which it refers to.
    ///
    /// @param field the attribute of `holder` that has it, by value, by `href`, or both
    /// @throws Problem if there is none
    ObjectNode whole(Face face, ObjectNode holder, String field) {
        var given = Fields.object(holder, field)
                .orElseThrow(() -> Problem.malformed(field + " is missing, by value or by href"));
        var id = Fields.reference(holder, field);
        if (id.isEmpty()) {
            return given;
        }
        var base = there(face, id.get()).content();
        var whole = Json.object();
        for (var name : shape.content()) {
            if (given.has(name)) {
                whole.set(name, given.get(name));
            } else if (base.has(name)) {
                whole.set(name, base.get(name));
            }
        }
        return whole;
    }

    /// The same, or nothing where that is enough.
    ObjectNode wholeOrEmpty(Face face, ObjectNode holder, String field) {
        return Fields.object(holder, field).isPresent() ? whole(face, holder, field) : Json.object();
    }
}
