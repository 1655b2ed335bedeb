package holdfast.broker.services;

import holdfast.platform.Json;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// The categories of services that nodes know (fluidos.md 2.6).
public enum Category {
    DATABASE("database", List.of("username", "password", "database")),
    MESSAGE_QUEUE("message-queue", List.of("username", "password"));

    /// What may stand in names that go into commands and addresses.
    private static final String PLAIN = "^[A-Za-z0-9_.-]{1,63}$";

    private final String word;
    private final List<String> credentials;

    Category(String word, List<String> credentials) {
        this.word = word;
        this.credentials = credentials;
    }

    /// The name in messages.
    public String word() {
        return word;
    }

    /// What its buyers get to use it. What of it they do not set is made up.
    List<String> credentials() {
        return credentials;
    }

    /// What a buyer may set, if the blueprint does not say. Nothing of it must be set: nodes of others buy services
    /// without saying anything.
    public JsonNode template() {
        var schema = Json.object().put("type", "object");
        var properties = schema.putObject("properties");
        for (var name : credentials) {
            var property = properties.putObject(name).put("type", "string");
            if (name.equals("password")) {
                property.put("minLength", 1).put("maxLength", 128);
            } else {
                property.put("pattern", PLAIN);
            }
            property.put("description", "Made up if it is not set.");
        }
        return schema.put("additionalProperties", false);
    }

    /// The category of that name; empty if nodes know none.
    public static Optional<Category> of(String name) {
        return Stream.of(values())
                .filter(category -> category.word.equals(name))
                .findFirst();
    }

    /// All names.
    public static String words() {
        return Arrays.stream(values()).map(Category::word).collect(Collectors.joining(", "));
    }
}
