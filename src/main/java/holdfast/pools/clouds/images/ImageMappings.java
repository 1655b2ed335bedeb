package holdfast.pools.clouds.images;

import static holdfast.db.Tables.RESOURCE;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.pools.clouds.CloudAccount;
import holdfast.pools.clouds.Usage;
import holdfast.pools.clouds.images.ImageMapping.Content;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jooq.Condition;
import org.jooq.impl.DSL;

/// What stands for which image where, as it is written down (aeolus.md 5.2.1). That there is one for each image, build
/// and place is kept by the database (`V41__image_mappings.sql`).
public final class ImageMappings {
    /// The type of their resources.
    public static final String TYPE = "imageMapping";

    private static final String ACTIVE = "active";
    private static final int LONGEST = 255;
    private static final int MOST = 100_000;
    /// Where a mapping holds, in words that an index knows.
    private static final String PLACE = "coalesce(data ->> 'account', data ->> 'provider')";

    private final Platform platform;
    private final Resources resources;
    private final BrokerImages images;

    public ImageMappings(Platform platform, Engine engine, BrokerImages images) {
        this.platform = platform;
        this.resources = engine.resources();
        this.images = images;
    }

    /// @return MALFORMED if it breaks a rule or there is no such image, CLASH if that image and build is mapped
    ///     there
    ///     already
    public Answer<ImageMapping> add(Tx tx, String image, Content content, String who) {
        var fault = fault(content);
        if (fault.isPresent()) {
            return Answer.no(fault.get());
        }
        if (images.find(tx, image).isEmpty()) {
            return Answer.no(Refusal.malformed("image", "there is no image " + image));
        }
        if (content.build().isPresent()
                && images.built(tx, image, content.build().get(), who) instanceof Answer.No<?>(var why)) {
            return Answer.no(why);
        }
        var id = platform.newId();
        var fresh = resources.fresh(
                id, TYPE, Resources.ACTOR, Optional.empty(), image, ACTIVE, BrokerImages.PROJECT, content);
        return resources.insert(tx, fresh, who, "added")
                ? Answer.yes(find(tx, id).orElseThrow())
                : Answer.no(taken());
    }

    private static Refusal taken() {
        return Refusal.clash("this image and build is mapped there already");
    }

    private static Optional<Refusal> fault(Content content) {
        if (content.account().isPresent() == content.provider().isPresent()) {
            return Optional.of(Refusal.malformed("provider_account", "give either provider_account or provider"));
        }
        if (content.providerImage().isBlank() || !Rows.isText(content.providerImage(), LONGEST)) {
            return Optional.of(Refusal.malformed(
                    "provider_image", "provider_image must have 1 to " + LONGEST + " printable characters"));
        }
        return content.build().filter(build -> !BrokerImages.isId(build)).isPresent()
                ? Optional.of(Refusal.malformed("build", "build must be a word"))
                : Optional.empty();
    }

    public Optional<ImageMapping> find(Tx tx, UUID id) {
        return list(tx, Resources.withId(id), 0, 1).stream().findFirst();
    }

    /// Some of those that `which` selects, in the order of their creation.
    public List<ImageMapping> list(Tx tx, Condition which, int offset, int limit) {
        return Rows.page(tx, resources, present().and(which), offset, limit).stream()
                .map(ImageMappings::read)
                .toList();
    }

    /// How many of them there are.
    public int count(Tx tx, Condition which) {
        return tx.sql().fetchCount(RESOURCE, present().and(which));
    }

    /// Selects those of one image.
    public static Condition of(String image) {
        return Resources.named(image);
    }

    /// Selects those that name one of these accounts or providers.
    public static Condition at(Collection<UUID> places) {
        var texts = places.stream().map(UUID::toString).toArray(String[]::new);
        return DSL.condition(PLACE + " = any({0})", DSL.val(texts));
    }

    /// Selects those that are so far.
    public static Condition being(MappingStatus status) {
        return DSL.condition("{0} ->> 'status' = {1}", RESOURCE.DATA, DSL.val(status.name()));
    }

    /// Those of an image that may matter for these accounts.
    List<ImageMapping> matter(Tx tx, String image, Collection<CloudAccount> accounts) {
        var places = accounts.stream()
                .flatMap(account -> Stream.of(account.id(), account.provider().id()))
                .distinct()
                .toList();
        return resources.list(tx, present().and(of(image)).and(at(places)), MOST).stream()
                .map(ImageMappings::read)
                .toList();
    }

    /// The one that counts at an account.
    ///
    /// @param build the only one that will do; empty = the newest that can be booted there
    public Optional<ImageMapping> lookup(Tx tx, String image, Optional<String> build, CloudAccount account) {
        return images.find(tx, image)
                .flatMap(stored -> ImageMapping.best(
                        account, stored.content().builds(), build, matter(tx, image, List.of(account))));
    }

    private static Condition present() {
        return DSL.condition("{0} = 'imageMapping'", RESOURCE.TYPE) // written out, so that its indexes are used
                .and(Resources.present());
    }

    private static ImageMapping read(Resource resource) {
        return new ImageMapping(
                resource.id(), resource.version(), resource.created(), resource.name(), resource.as(Content.class));
    }

    /// Changes what stands there, and how far it is; image, build and place stay.
    ///
    /// @param version that was read; empty = any
    /// @return NOT_THERE, MALFORMED if it breaks a rule, CLASH if somebody else has changed it
    public Answer<ImageMapping> change(
            Tx tx, UUID id, String providerImage, MappingStatus status, Optional<Long> version, String who) {
        return lock(tx, id, version).flatMap(before -> {
            var was = before.as(Content.class);
            var content = new Content(was.build(), was.account(), was.provider(), providerImage, status);
            var fault = fault(content);
            if (fault.isPresent()) {
                return Answer.no(fault.get());
            }
            resources.update(tx, before.state(), before.withData(content), who, "changed");
            return Answer.yes(find(tx, id).orElseThrow());
        });
    }

    /// @param version that was read; empty = any
    public Answer<ImageMapping> remove(Tx tx, UUID id, Optional<Long> version, String who) {
        return lock(tx, id, version).map(before -> {
            resources.update(tx, before.state(), before.removedAt(platform.now()), who, "taken out");
            return read(before);
        });
    }

    /// Why an image must stay: what was made of it names it.
    public static Optional<Refusal> kept(Tx tx, Usage usage, String image) {
        return usage.isBooted(tx, image)
                ? Optional.of(Refusal.clash("there are instances of the image " + image + "; destroy them first"))
                : Optional.empty();
    }

    /// Takes out an image with all its mappings.
    ///
    /// @param version of the image that was read; empty = any
    public Answer<BrokerImages.Stored> removeImage(Tx tx, String image, Optional<Long> version, String who) {
        return images.remove(tx, image, version, who).map(removed -> {
            for (var mapping : list(tx, of(image), 0, MOST)) {
                remove(tx, mapping.id(), Optional.empty(), who).orThrow();
            }
            return removed;
        });
    }

    /// Notes an image that was made of an instance (aeolus.md 4.7): it can be booted at the account where it was
    /// made, and nowhere else until somebody says so.
    ///
    /// @return as of [BrokerImages#add]
    public Answer<BrokerImages.Stored> captured(
            Tx tx, String image, BrokerImages.Content content, UUID account, String providerImage, String who) {
        return images.add(tx, image, BrokerImages.State.AVAILABLE, content, who)
                .flatMap(stored -> add(
                                tx,
                                image,
                                new Content(
                                        Optional.empty(),
                                        Optional.of(account),
                                        Optional.empty(),
                                        providerImage,
                                        MappingStatus.COMPLETE),
                                who)
                        .map(_ -> stored));
    }

    private Answer<Resource> lock(Tx tx, UUID id, Optional<Long> version) {
        var found = resources.lock(tx, present().and(Resources.withId(id)));
        return found.isEmpty()
                ? Answer.no(Refusal.notThere("there is no image mapping " + id))
                : Rows.expect(found.get(), version);
    }
}
