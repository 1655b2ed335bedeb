package holdfast.pools.clouds;

import holdfast.core.Answer;
import holdfast.core.HardwareProfile;
import holdfast.platform.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// What reaches the clouds that accounts are at. Looking takes seconds and is never done within a transaction; accounts
/// become sites, change and cease to be sites in the transaction in which they are written.
public interface Sites {
    /// Whether something of that type answers there (aeolus.md 4.1.1). No credentials are shown; being asked for
    /// some is an answer, too.
    ///
    /// @return the place, or SILENT with the reason, such as `cannot connect`
    Answer<Place> alive(Place place);

    /// Logs in and looks around.
    ///
    /// @param credentials by name, in clear
    /// @return NOT_YOURS if they are not taken, SILENT if nobody answers
    Answer<Seen> look(Place place, Map<String, String> credentials);

    /// Makes an account a site, or changes how the site is reached.
    ///
    /// @param account its id is that of the site
    /// @param credentials in clear
    Answer<UUID> put(Tx tx, UUID account, String label, Place place, Map<String, String> credentials, String who);

    /// The account is no site any more.
    ///
    /// @return CLASH while something of ours is there
    Answer<UUID> remove(Tx tx, UUID account, String who);

    /// Somebody says that something has changed at an account: it is looked at soon, and what is seen counts.
    void hint(Tx tx, UUID account);

    /// What bears our mark at an account and was made for nothing that we know, as seen last (aeolus.md 7, G3).
    List<Orphan> orphans(Tx tx, UUID account);

    /// Has an orphan taken away there.
    ///
    /// @return the account, or NOT_THERE
    Answer<UUID> takeAway(Tx tx, UUID account, UUID lease, String part, String who);

    /// Something at an account that nobody here knows of.
    ///
    /// @param lease of which its mark speaks
    /// @param part such as `server`
    /// @param key the provider's word for it; empty text, as its name and status, if it is no server
    /// @param since when it was seen first
    /// @param going it is to be taken away
    record Orphan(UUID lease, String part, String key, String name, String status, Instant since, boolean going) {}

    /// An endpoint.
    record Place(ProviderType type, String url, Optional<String> region) {}

    /// What an account sees.
    ///
    /// @param profiles with the provider's own words as ids
    /// @param takes the features of launches that it knows, such as `user_data`; empty if it does not say
    record Seen(List<HardwareProfile> profiles, List<Part> realms, Optional<Set<String>> takes) {
        public Seen {
            profiles = List.copyOf(profiles);
            realms = List.copyOf(realms);
            takes = takes.map(Set::copyOf);
        }
    }

    /// @param key the provider's word for it
    record Part(String key, String name, boolean available) {}
}
