package holdfast.federation.trust;

import holdfast.federation.trust.Caller.Standing;
import holdfast.protocol.rear.Flavor;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// What other domains may do (fluidos.md 5.13): of rules in their order the first that fits decides, and where none
/// fits it is no.
///
/// @param rules at most 1,000
public record Rights(List<Rule> rules) {
    private static final int MOST = 1_000;

    /// Where nobody proves anything: whatever is asked.
    public static final Rights ALL = new Rights(List.of(Rule.of(Standing.ANYBODY, EnumSet.allOf(Message.class))));

    /// Nodes of the own domain may do all, peers list, reserve, buy, and hear what changes of that. Mail is opened
    /// by the secret of its contract, whoever brings it: contracts outlive that their buyer is known.
    public static final Rights USUAL = new Rights(List.of(
            Rule.of(Standing.OWN, EnumSet.allOf(Message.class)),
            Rule.of(
                    Standing.PEER,
                    EnumSet.of(
                            Message.LIST,
                            Message.RESERVE,
                            Message.PURCHASE,
                            Message.CANCEL,
                            Message.CONTRACT,
                            Message.MAIL,
                            Message.EVENTS)),
            Rule.of(Standing.ANYBODY, EnumSet.of(Message.MAIL))));

    public Rights {
        rules = List.copyOf(rules);
        if (rules.size() > MOST) {
            throw new IllegalArgumentException(rules.size() + " rules; there may be " + MOST);
        }
    }

    /// What is asked.
    public enum Message {
        LIST,
        RESERVE,
        PURCHASE,
        /// To see a hold and to give it up.
        CANCEL,
        /// To see, renew, sign and release a contract.
        CONTRACT,
        MAIL,
        /// To belong to the domain, and to be told of it.
        DOMAIN,
        CATALOG,
        /// To be told of changes.
        EVENTS;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /// Empty if there is none of that name.
        public static Optional<Message> of(String word) {
            return Arrays.stream(values())
                    .filter(message -> message.word().equals(word))
                    .findFirst();
        }
    }

    /// One rule. What it does not name fits whatever it is.
    ///
    /// @param from the least standing that it is for
    /// @param domain `alps.example`, or `*.alps.example` for all below: a rule that denies counts for who only says
    ///     that
    ///     it is of it, one that permits does not
    /// @param role such as `supernode`
    /// @param flavor for which flavors it is; others are passed over
    /// @param permits or it denies
    public record Rule(
            Standing from,
            Optional<String> domain,
            Optional<String> role,
            Set<Message> messages,
            Optional<Label> flavor,
            boolean permits) {
        public Rule {
            messages = Set.copyOf(messages);
        }

        static Rule of(Standing from, Set<Message> messages) {
            return new Rule(from, Optional.empty(), Optional.empty(), messages, Optional.empty(), true);
        }

        private boolean fits(Caller who, Message message) {
            return who.standing().compareTo(from) <= 0
                    && messages.contains(message)
                    && domain.filter(pattern -> !isIn(who.domain(), pattern) || (permits && !who.vouched()))
                            .isEmpty()
                    && role.filter(name -> !name.equals(who.role())).isEmpty();
        }

        private static boolean isIn(String domain, String pattern) {
            return pattern.startsWith("*.") ? domain.endsWith(pattern.substring(1)) : domain.equals(pattern);
        }
    }

    /// What is said of a flavor: `type=service`, `id=alps-*`, `country=Italy`, `city=Turin`, `price=EUR`.
    ///
    /// @param name one of these
    /// @param value a `*` at its end stands for anything
    public record Label(String name, String value) {
        private static final Pattern FORM = Pattern.compile("(type|id|country|city|price)=(.{1,253})");

        /// Empty if it is no label.
        public static Optional<Label> of(String text) {
            var parts = FORM.matcher(text);
            return parts.matches() ? Optional.of(new Label(parts.group(1), parts.group(2))) : Optional.empty();
        }

        private boolean fits(Flavor flavor) {
            var found = switch (name) {
                case "type" -> flavor.kind().type().word();
                case "country" -> flavor.place().country();
                case "city" -> flavor.place().city();
                case "price" -> flavor.price().map(price -> price.currency()).orElse("");
                default -> flavor.id();
            };
            return value.endsWith("*") ? found.startsWith(value.substring(0, value.length() - 1)) : found.equals(value);
        }
    }

    /// Whether a caller may do it with that flavor.
    public boolean permits(Caller who, Message message, Flavor flavor) {
        return rules.stream()
                .filter(rule -> rule.fits(who, message))
                .filter(rule ->
                        rule.flavor().filter(label -> !label.fits(flavor)).isEmpty())
                .findFirst()
                .filter(Rule::permits)
                .isPresent();
    }

    /// Whether there may be a flavor with which a caller may do it: what denies some does not deny all.
    public boolean permits(Caller who, Message message) {
        return rules.stream()
                .filter(rule -> rule.fits(who, message))
                .filter(rule -> rule.permits() || rule.flavor().isEmpty())
                .findFirst()
                .filter(Rule::permits)
                .isPresent();
    }
}
