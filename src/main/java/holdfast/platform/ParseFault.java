package holdfast.platform;

import tools.jackson.core.JacksonException;

/// Why a text is no JSON or YAML that can be read, in words for who wrote it.
public final class ParseFault {
    private ParseFault() {}

    /// One line, without where it is.
    public static String words(JacksonException e) {
        var said = e.getOriginalMessage();
        if (said == null || said.isBlank()) {
            return "it ends too early";
        }
        return said.startsWith("Trailing token")
                ? "a second document begins here, and one is taken: write each into a file of its own"
                : said.lines().findFirst().orElse(said).strip();
    }
}
