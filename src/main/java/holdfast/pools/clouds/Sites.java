package holdfast.pools.clouds;

import holdfast.core.Answer;
import holdfast.core.HardwareProfile;
import holdfast.platform.Tx;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    /// An endpoint.
    record Place(ProviderType type, String url, Optional<String> region) {}

    /// What an account sees.
    ///
    /// @param profiles with the provider's own words as ids
    record Seen(List<HardwareProfile> profiles, List<Part> realms) {
        public Seen {
            profiles = List.copyOf(profiles);
            realms = List.copyOf(realms);
        }
    }

    /// @param key the provider's word for it
    record Part(String key, String name, boolean available) {}
}
