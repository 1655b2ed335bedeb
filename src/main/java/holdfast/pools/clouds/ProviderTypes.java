package holdfast.pools.clouds;

import static holdfast.db.Tables.RESOURCE;

import holdfast.core.Answer;
import holdfast.core.Copies;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Resources;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.util.HashSet;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jooq.impl.DSL;

/// Types of providers (aeolus.md 2.3).
public final class ProviderTypes extends Entries<ProviderType> {
    private static final Pattern WORD = Pattern.compile("[a-z][a-z0-9_-]{0,63}");
    private static final int MOST_CREDENTIALS = 20;
    private static final String TYPE = "providerType";

    private final Configuration all;

    ProviderTypes(Platform platform, Engine engine, Configuration all) {
        super(platform, engine, TYPE, "provider type", ProviderType.class);
        this.all = all;
    }

    /// Adds those that are there from the start.
    void seed(Tx tx) {
        for (var type : Standard.TYPES) {
            plant(tx, Copies.id(TYPE, type.driver()), Optional.empty(), type.name(), type);
        }
    }

    @Override
    protected Optional<Refusal> fault(
            Tx tx, Optional<UUID> parent, String name, ProviderType value, Optional<Entry<ProviderType>> before) {
        var driver = DSL.condition("{0} ->> 'driver' = {1}", RESOURCE.DATA, DSL.val(value.driver()));
        return label("name", name)
                .or(() -> another(tx, before, Resources.named(name)) ? Optional.of(taken("name")) : Optional.empty())
                .or(() -> word("deltacloud_driver", value.driver()))
                .or(() -> another(tx, before, driver) ? Optional.of(taken("deltacloud_driver")) : Optional.empty())
                .or(() -> word("through", value.through()))
                .or(() -> credentials(value));
    }

    private static Optional<Refusal> word(String field, String word) {
        return word.isBlank()
                ? blank(field)
                : WORD.matcher(word).matches()
                        ? Optional.empty()
                        : wrong(field, "is a word of small letters, digits, _ and -");
    }

    private static Optional<Refusal> credentials(ProviderType type) {
        var names = new HashSet<String>();
        for (var credential : type.credentials()) {
            var fault = word("credential_definitions", credential.name())
                    .or(() -> label("credential_definitions", credential.label()))
                    .or(() -> names.add(credential.name())
                            ? Optional.empty()
                            : Optional.of(taken("credential_definitions")));
            if (fault.isPresent()) {
                return fault;
            }
        }
        return names.contains(Configuration.USERNAME) && names.size() <= MOST_CREDENTIALS
                ? Optional.empty()
                : wrong(
                        "credential_definitions",
                        "are at most " + MOST_CREDENTIALS + ", with one of the name " + Configuration.USERNAME);
    }

    @Override
    protected Answer<Entry<ProviderType>> removing(Tx tx, Entry<ProviderType> type, String who) {
        int used = all.providers().count(tx, CloudProviders.ofType(type.id()));
        return used == 0
                ? Answer.yes(type)
                : Answer.no(Refusal.clash(type.name() + " is used by " + used + " providers; take those out first"));
    }
}
