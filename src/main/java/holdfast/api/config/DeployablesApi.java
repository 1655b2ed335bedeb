package holdfast.api.config;

import holdfast.core.Answer;
import holdfast.platform.Tx;
import holdfast.pools.clouds.Deployable;
import holdfast.pools.clouds.Entry;
import holdfast.pools.clouds.Right.Target;
import holdfast.pools.clouds.Stored;
import java.util.List;
import java.util.Optional;

/// `/broker/deployables`: what can be launched in a pool as a deployment. A body gives the XML as text in `xml`, or is
/// that XML itself with a `pool` in it, or the assemblies in JSON.
final class DeployablesApi extends OfPools<Stored.Deployable> {
    private static final String XML = "xml";
    private static final String ASSEMBLIES = "assemblies";

    DeployablesApi(Desk desk) {
        super(desk, desk.configuration().deployables(), "deployables", "deployable", Target.DEPLOYABLE);
    }

    @Override
    String name(Body body, Optional<Entry<Stored.Deployable>> before) {
        return body.text("name")
                .or(() -> xml(body).flatMap(text -> named(text)))
                .or(() -> before.map(Entry::name))
                .orElse("");
    }

    private static Optional<String> named(String xml) {
        return Deployable.read(xml) instanceof Answer.Yes<Deployable>(var known)
                ? Optional.of(known.name())
                : Optional.empty();
    }

    @Override
    Stored.Deployable read(Tx tx, Body body, Optional<Entry<Stored.Deployable>> before) {
        stays(body, before);
        var said = xml(body);
        var xml = said.or(() -> before.map(old -> old.value().xml()))
                .orElseThrow(() -> Failure.invalid(XML, "Xml can't be blank"));
        var known = Deployable.read(xml).orThrow();
        var description = body.text("description")
                .or(() -> said.map(_ -> known.description()).filter(text -> !text.isEmpty()))
                .or(() -> before.map(old -> old.value().description()))
                .orElse(known.description());
        return new Stored.Deployable(description, xml);
    }

    /// The XML that a body gives, is, or tells in JSON.
    static Optional<String> xml(Body body) {
        return body.raw(XML)
                .filter(text -> !text.isBlank())
                .or(() -> body.many(ASSEMBLIES)
                        .map(all -> XmlForm.write(
                                all.stream().anyMatch(one -> one.child("name").isPresent())
                                        ? inXml(body, all)
                                        : without(body.element()))));
    }

    /// What is an attribute in XML is a key like any other in JSON.
    private static Element inXml(Body body, List<Body> all) {
        var assemblies = Element.many(ASSEMBLIES);
        all.forEach(one -> assemblies.with(Element.of("assembly")
                .attribute("name", one.raw("name"))
                .attribute("hwp", one.raw("hwp"))
                .with(Element.of("image").attribute("id", one.ref("image")))));
        return Element.of("deployable")
                .attribute("version", "1.0")
                .attribute("name", body.raw("name"))
                .with(assemblies);
    }

    /// Without what is said of it to us.
    private static Element without(Element said) {
        var own = Element.of(said.name());
        said.attributes().forEach(own::attribute);
        said.children().stream().filter(child -> !child.name().equals(POOL)).forEach(own::with);
        return own;
    }

    @Override
    List<Element> show(Tx tx, Ask ask, List<Entry<Stored.Deployable>> some) {
        return some.stream()
                .map(one -> {
                    var known = Deployable.read(one.value().xml()).orThrow();
                    var assemblies = known.assemblies().stream()
                            .map(assembly -> Element.of("assembly")
                                    .attribute("name", assembly.name())
                                    .attribute("hwp", assembly.profile())
                                    .with(ask.ref("image", "images", assembly.image())
                                            .attribute("build", assembly.build())))
                            .toList();
                    return tail(
                            head(ask, one)
                                    .with("name", one.name())
                                    .with("description", one.value().description())
                                    .with(ask.ref(POOL, "pools", one.parent().orElseThrow()))
                                    .with(Element.many(ASSEMBLIES, assemblies))
                                    .with(XML, one.value().xml()),
                            one);
                })
                .toList();
    }
}
