package holdfast.orchestrator.instances;

import holdfast.core.Answer;
import holdfast.core.SliverId;
import holdfast.platform.Tx;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// Accounts, asked for what lives there beside instances. Things come and go under our ids, which names turn into the
/// provider's. Each call asks the provider and lasts as long as it does; all refuse with NOT_THERE for what is gone,
/// CLASH if its state does not allow it or the provider cannot do it at all, MALFORMED if the provider calls it wrong,
/// SILENT if the provider was not reached or lets us not in, BROKEN if it failed and may have done it all the same.
public interface AccountSides {
    /// What each of the accounts offered when it was seen last: names of features by collection. Asks nobody.
    Map<UUID, Map<String, Set<String>>> offered(Tx tx, Collection<UUID> accounts);

    Answer<List<AccountThing>> list(ThingKind kind, ThingNames names);

    Answer<AccountThing> find(ThingKind kind, String key, ThingNames names);

    Answer<AccountThing> make(Wish<?> wish, ThingNames names);

    /// What is not there is gone.
    Answer<Boolean> remove(UUID account, ThingKind kind, String key);

    /// Makes an image; it is looked for at the next look, which is made at once.
    ///
    /// @param instance the provider's id
    /// @return the provider's id of the image
    Answer<String> capture(UUID account, String instance, String name, Optional<String> description);

    Answer<Boolean> removeImage(UUID account, String key);

    /// The key that was made for an instance alone (aeolus.md 4.2). Asks nobody.
    ///
    /// @return empty if there is none
    Optional<Opener> opener(Tx tx, SliverId sliver);

    /// A key that opens an instance.
    ///
    /// @param name as its provider calls it
    /// @param pem the private half; empty if it was not told, or if the key was dropped because the instance
    ///     stopped
    record Opener(String name, Optional<String> pem) {
        @Override
        public String toString() {
            return name; // never the other half
        }
    }

    /// What is in the buckets of an account, which are named as the provider does.
    Blobs blobs(UUID account);
}
