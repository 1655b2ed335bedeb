package holdfast.api.config;

import holdfast.platform.Tx;
import holdfast.pools.clouds.Entry;
import holdfast.pools.clouds.Right.Target;
import holdfast.pools.clouds.Stored.Catalog;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// `/broker/catalogs`: which deployables of a pool belong together.
final class CatalogsApi extends OfPools<Catalog> {
    private static final String DEPLOYABLES = "deployables";

    CatalogsApi(Desk desk) {
        super(desk, desk.configuration().catalogs(), "catalogs", "catalog", Target.CATALOG);
    }

    @Override
    Catalog read(Tx tx, Body body, Optional<Entry<Catalog>> before) {
        stays(body, before);
        var old = before.map(Entry::value).orElseGet(() -> new Catalog("", Set.of()));
        return new Catalog(
                body.text("description").orElse(old.description()),
                body.ids(DEPLOYABLES).map(Set::copyOf).orElse(old.deployables()));
    }

    @Override
    List<Element> show(Tx tx, Ask ask, List<Entry<Catalog>> some) {
        return some.stream()
                .map(catalog -> tail(
                        head(ask, catalog)
                                .with("name", catalog.name())
                                .with("description", catalog.value().description())
                                .with(ask.ref(POOL, "pools", catalog.parent().orElseThrow()))
                                .with(Element.many(
                                        DEPLOYABLES,
                                        catalog.value().deployables().stream()
                                                .sorted()
                                                .map(id -> ask.ref("deployable", DEPLOYABLES, id))
                                                .toList())),
                        catalog))
                .toList();
    }
}
