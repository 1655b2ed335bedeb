package holdfast.engine;

import java.util.List;
import java.util.Optional;
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
