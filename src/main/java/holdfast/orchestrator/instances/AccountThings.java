package holdfast.orchestrator.instances;

import holdfast.core.Answer;
import holdfast.core.Caller;
import holdfast.pools.clouds.BrokerImage;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/// What lives at the accounts of a pool, as one caller sees it (aeolus.md 4.8). Other than instances it is asked of the
/// providers, so all of this may take as long as they do.
public interface AccountThings {
    /// Of all accounts that offer such things and answer.
    ///
    /// @throws holdfast.core.RefusedException if none of them does: BROKEN if one has failed, else SILENT
    <T extends AccountThing> List<T> list(Class<T> kind);

    /// @throws holdfast.core.RefusedException SILENT or BROKEN, as its provider is
    <T extends AccountThing> Optional<T> find(Class<T> kind, String id);

    /// @return what there is then; NOT_THERE for an unknown id in it, NOT_YOURS without the right, CLASH if a name
    ///     is
    ///     taken, if two accounts would have to share something, or if the state does not allow it, BROKEN and
    ///     SILENT
    ///     as the provider is
    <T extends AccountThing> Answer<T> make(Wish<T> wish);

    /// @return what it was; NOT_THERE, NOT_YOURS, CLASH if it is in use (a bucket that is not empty), BROKEN,
    ///     SILENT
    <T extends AccountThing> Answer<T> delete(Class<T> kind, String id);

    /// What users say of things of a kind, by their ids, beside what the providers know; among them things that
    /// this caller does not see.
    <T extends AccountThing> Map<String, Said> said(Class<T> kind);

    /// Keeps what the caller says of one.
    ///
    /// @return that; NOT_THERE, NOT_YOURS
    <T extends AccountThing> Answer<Said> say(Class<T> kind, String id, Said said);

    /// What a user says of something.
    ///
    /// @param name what it is to be called, instead of as its provider calls it
    record Said(Optional<String> name, Optional<String> description, Map<String, String> properties) {
        public static final Said NOTHING = new Said(Optional.empty(), Optional.empty(), Map.of());

        public Said {
            properties = Collections.unmodifiableSortedMap(new TreeMap<>(properties));
        }
    }

    /// Makes an image of an instance, which can be booted at its account (aeolus.md 4.7).
    ///
    /// @param name empty = one is made up
    Answer<BrokerImage> capture(UUID instance, Optional<String> name, Optional<String> description);

    /// @return what it was; NOT_THERE, NOT_YOURS, CLASH if something was made of it that is still there
    Answer<BrokerImage> deleteImage(String id);

    /// What is in buckets.
    Blobs blobs();

    /// What a pool offers beside machines.
    ///
    /// @param collections as Deltacloud calls them, such as `storage_volumes`; `images` if instances can be
    ///     captured
    /// @param features that all accounts have, and those that are made up for here, by collection: such as
    ///     `import_key`
    ///     for `keys`
    record Offer(Set<String> collections, Map<String, Set<String>> features) {
        public static final Offer NOTHING = new Offer(Set.of(), Map.of());

        public Offer {
            collections = Set.copyOf(collections);
            features = Map.copyOf(features);
        }

        public boolean has(String collection, String feature) {
            return features.getOrDefault(collection, Set.of()).contains(feature);
        }
    }

    /// What leads callers to what is at the accounts of their pools.
    interface Finder {
        /// A server that has instances and nothing else.
        Finder NOTHING = new Finder() {
            @Override
            public Offer offer(Optional<String> pool, String driver) {
                return Offer.NOTHING;
            }

            @Override
            public Offer offer(VirtualCloud cloud, String driver) {
                return Offer.NOTHING;
            }

            @Override
            public AccountThings in(Caller caller, VirtualCloud cloud, String driver) {
                throw new IllegalStateException("nobody asks for what is not offered");
            }
        };

        /// For anybody, also for pools that are not there. Must be quick: what was known last.
        ///
        /// @param pool name or id; empty = the default
        /// @param driver of a type of providers, or `broker`
        Offer offer(Optional<String> pool, String driver);

        /// The same of a pool that somebody has found.
        default Offer offer(VirtualCloud cloud, String driver) {
            return offer(Optional.of(cloud.pool().id().toString()), driver);
        }

        /// @param cloud the pool, as the caller found it
        AccountThings in(Caller caller, VirtualCloud cloud, String driver);
    }
}
