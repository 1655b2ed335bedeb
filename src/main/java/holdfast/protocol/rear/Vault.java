package holdfast.protocol.rear;

import holdfast.core.Copies;
import holdfast.protocol.rear.Configuration.Settings;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.StringNode;

/// Seals what buyers set of services before anything of it is written, as it may hold passwords: whatever keeps a
/// configuration keeps it sealed, and only who answers its buyer or makes the service opens it.
///
/// It can be opened only for the buyer and the flavor that it was sealed for.
public final class Vault {
    private static final String FIELD = "settings";
    private final Seal seal;
    private final Opener opener;

    /// Seals a text for a field of a thing.
    public interface Seal {
        String seal(UUID thing, String field, String plain);
    }

    /// Opens what was sealed for that; empty if it is nothing of the kind.
    public interface Opener {
        Optional<String> unseal(UUID thing, String field, String sealed);
    }

    public Vault(Seal seal, Opener opener) {
        this.seal = seal;
        this.opener = opener;
    }

    /// What may be written down.
    ///
    /// @param key of the buyer
    public Optional<Configuration> sealed(String key, String flavor, Optional<Configuration> plain) {
        return plain.map(piece -> piece instanceof Settings(var hosting, var data)
                ? new Settings(hosting, StringNode.valueOf(seal.seal(place(key, flavor), FIELD, data.toString())))
                : piece);
    }

    /// What was sealed for that buyer. What cannot be opened is nothing.
    public Optional<Configuration> opened(String key, String flavor, Optional<Configuration> kept) {
        return kept.map(piece -> piece instanceof Settings(var hosting, var data) && data.isString()
                ? new Settings(hosting, opened(place(key, flavor), data.stringValue()))
                : piece);
    }

    private JsonNode opened(UUID place, String sealed) {
        return JsonMapper.shared().readTree(opener.unseal(place, FIELD, sealed).orElse("{}"));
    }

    /// A transaction as its buyer is told it.
    public Transaction opened(String key, Transaction kept) {
        return kept.with(opened(key, kept.flavor(), kept.configuration()));
    }

    /// A contract as its buyer is told it, and as both sign it.
    public Contract opened(String key, Contract kept) {
        return kept.configured(opened(key, kept.flavor().id(), kept.configuration()));
    }

    private static UUID place(String key, String flavor) {
        return Copies.id(FIELD, key + "\n" + flavor);
    }
}
