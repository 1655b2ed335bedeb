package holdfast.orchestrator.instances;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/// One instance as a user asks for it, in the words of the pool (aeolus.md 4.2, 5.3.5).
///
/// @param name empty = one is made up
/// @param image id of a broker image
/// @param profile id or name of a front-end profile; empty = the smallest that the image allows
/// @param sizes narrowing the profile: `memory` in MB, `cpu`, `storage` in GB, `architecture`
/// @param realm id or name of a front-end realm
/// @param key name of a key
/// @param userData base64, as received
/// @param stopped it is to be stopped as soon as it runs
/// @param tied accounts that own something which is named
/// @param driver only accounts at providers of this type
/// @param token of the client's, so that asking twice makes one (aeolus.md 7, row 12)
/// @param extras what only some providers know, as it came, such as `snapshot_id`, `firewalls1` (aeolus.md 5.3.3); only
///     accounts that offer it will do
/// @param build a version of the image; empty = the newest that can be booted
public record Launch(
        Optional<String> name,
        Optional<String> description,
        String image,
        Optional<String> profile,
        Map<String, String> sizes,
        Optional<String> realm,
        Optional<String> key,
        Optional<String> userData,
        Map<String, String> properties,
        boolean stopped,
        Set<UUID> tied,
        Optional<String> driver,
        Optional<String> token,
        Map<String, String> extras,
        Optional<String> build) {
    public Launch { // in an order that is the same in all processes, since tokens stand for the text of it
        sizes = Collections.unmodifiableSortedMap(new TreeMap<>(sizes));
        properties = Collections.unmodifiableSortedMap(new TreeMap<>(properties));
        tied = Collections.unmodifiableSortedSet(new TreeSet<>(tied));
        extras = Collections.unmodifiableSortedMap(new TreeMap<>(extras));
    }

    /// One without extras, of the newest image.
    public Launch(
            Optional<String> name,
            Optional<String> description,
            String image,
            Optional<String> profile,
            Map<String, String> sizes,
            Optional<String> realm,
            Optional<String> key,
            Optional<String> userData,
            Map<String, String> properties,
            boolean stopped,
            Set<UUID> tied,
            Optional<String> driver,
            Optional<String> token) {
        this(
                name,
                description,
                image,
                profile,
                sizes,
                realm,
                key,
                userData,
                properties,
                stopped,
                tied,
                driver,
                token,
                Map.of(),
                Optional.empty());
    }
}
