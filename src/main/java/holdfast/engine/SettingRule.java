package holdfast.engine;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What values a setting may have.
public sealed interface SettingRule {
    /// What is wrong with a value, as the end of a sentence that begins with it.
    Optional<String> broken(String value);

    /// Yes or no.
    record Flag() implements SettingRule {
        @Override
        public Optional<String> broken(String value) {
            return value.equals("true") || value.equals("false")
                    ? Optional.empty()
                    : Optional.of("it must be true or false");
        }
    }

    /// A whole number.
    record Whole(int least, int most) implements SettingRule {
        @Override
        public Optional<String> broken(String value) {
            boolean right =
                    value.matches("\\d{1,9}") && Integer.parseInt(value) >= least && Integer.parseInt(value) <= most;
            return right ? Optional.empty() : Optional.of("it must be a whole number from " + least + " to " + most);
        }
    }

    /// Any number of things that look alike, with commas between.
    ///
    /// @param each what each looks like
    /// @param what they are, as the end of a sentence
    record Listed(Pattern each, String what) implements SettingRule {
        private static final int LONGEST = 10_000;

        @Override
        public Optional<String> broken(String value) {
            boolean right = value.length() <= LONGEST
                    && Names.split(value).stream()
                            .allMatch(one -> each.matcher(one).matches());
            return right
                    ? Optional.empty()
                    : Optional.of("it must be " + what + ", with commas between, at most " + LONGEST + " characters");
        }
    }

    /// Where a service is.
    record Address() implements SettingRule {
        private static final int LONGEST = 1_000;
        private static final Set<String> SCHEMES = Set.of("http", "https");

        @Override
        public Optional<String> broken(String value) {
            return value.length() <= LONGEST && isOne(value)
                    ? Optional.empty()
                    : Optional.of("it must be an address such as https://policy.example/v1, without user and password,"
                            + " at most " + LONGEST + " characters");
        }

        private static boolean isOne(String value) {
            try {
                var url = new URI(value);
                return url.getHost() != null
                        && SCHEMES.contains(url.getScheme())
                        && url.getUserInfo() == null
                        && url.getFragment() == null;
            } catch (URISyntaxException _) {
                return false;
            }
        }
    }

    /// What is kept sealed, and shown to nobody. It can go into a header.
    record Secret() implements SettingRule {
        private static final Pattern VISIBLE = Pattern.compile("[\\x21-\\x7e]{1,1000}");

        @Override
        public Optional<String> broken(String value) {
            return VISIBLE.matcher(value).matches()
                    ? Optional.empty()
                    : Optional.of("it must be 1 to 1000 visible characters of ASCII without spaces");
        }
    }

    /// Names of handlers, with commas between.
    record Names() implements SettingRule {
        private static final int LONGEST = 10_000;

        @Override
        public Optional<String> broken(String value) {
            return value.length() > LONGEST
                    ? Optional.of(
                            "it must be names of handlers with commas between, at most " + LONGEST + " characters")
                    : Optional.empty();
        }

        static List<String> split(String value) {
            return Stream.of(value.split(","))
                    .map(String::strip)
                    .filter(name -> !name.isEmpty())
                    .toList();
        }
    }
}
