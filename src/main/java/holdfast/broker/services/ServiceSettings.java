package holdfast.broker.services;

import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import holdfast.platform.Json;
import holdfast.protocol.rear.Configuration;
import holdfast.protocol.rear.Configuration.Settings;
import holdfast.protocol.rear.ServiceOffer;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What a buyer sets of a service, held against what the service lets be set (fluidos.md 2.8). Nothing of it is
/// repeated in what is said of it.
public final class ServiceSettings {
    private static final String FIELD = "configuration.data.configurationData";
    private static final int LONGEST = 4_096;

    private ServiceSettings() {}

    /// What is wrong with it; empty if the service can be made with it.
    ///
    /// @param asked none: nothing is set, which must be enough
    public static Optional<Refusal> fault(ServiceOffer offer, Optional<Configuration> asked) {
        var data = asked.map(piece -> piece instanceof Settings settings ? settings.data() : Json.object())
                .orElseGet(Json::object);
        if (!data.isObject()) {
            return Optional.of(Refusal.malformed(FIELD, FIELD + " must be an object"));
        }
        return data.properties().stream()
                .flatMap(member -> unfit(member.getValue())
                        .map(rule -> FIELD + "." + member.getKey() + " " + rule)
                        .map(why -> Refusal.malformed(FIELD + "." + member.getKey(), why))
                        .stream())
                .findFirst()
                .or(() -> against(offer.template(), data));
    }

    /// Values go into texts: each is one line.
    private static Optional<String> unfit(JsonNode value) {
        if (!value.isValueNode() || value.isNull()) {
            return Optional.of("must be a text, a number or a truth value");
        }
        var text = value.asString();
        if (text.length() > LONGEST) {
            return Optional.of("must have at most " + LONGEST + " characters");
        }
        return Template.isOneLine(text) ? Optional.empty() : Optional.of("must be one line");
    }

    private static Optional<Refusal> against(JsonNode template, JsonNode data) {
        try {
            return SettingsSchema.of(template, "configurationTemplate").faults(data, FIELD).stream()
                    .findFirst();
        } catch (RefusedException e) {
            return Optional.of(Refusal.broken("what may be set of the service cannot be understood: "
                    + e.refusal().message()));
        }
    }
}
