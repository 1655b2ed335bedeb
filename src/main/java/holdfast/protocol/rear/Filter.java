package holdfast.protocol.rear;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import holdfast.core.Answer;
import holdfast.core.Quantity;
import holdfast.core.Refusal;
import java.util.Optional;

/// One condition of a selector (fluidos.md 2.7). Made by [#match], [#range] and [#regex], which see that the test fits
/// the attribute.
public record Filter(Attribute attribute, Test test) {
    private static final int LONGEST = 1_000;

    /// What the attribute must pass.
    @JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "is")
    @JsonSubTypes({
        @JsonSubTypes.Type(Amount.class),
        @JsonSubTypes.Type(Range.class),
        @JsonSubTypes.Type(Text.class),
        @JsonSubTypes.Type(Found.class)
    })
    public sealed interface Test {}

    /// Exactly so much.
    public record Amount(Quantity value) implements Test {}

    /// From `min` to `max`, both included, at least one of them there.
    public record Range(Optional<Quantity> min, Optional<Quantity> max) implements Test {}

    /// Exactly this text, case and all.
    public record Text(String value) implements Test {}

    /// The expression is found anywhere in it.
    public record Found(Regex regex) implements Test {}

    /// Equal to `value`, which is a quantity if the attribute is an amount.
    public static Answer<Filter> match(Attribute attribute, String value) {
        return switch (attribute.form()) {
            case AMOUNT -> amount(attribute, value).map(amount -> new Filter(attribute, new Amount(amount)));
            case TEXT ->
                value.length() > LONGEST
                        ? no(attribute, "is longer than " + LONGEST + " characters: shorten it")
                        : Answer.yes(new Filter(attribute, new Text(value)));
        };
    }

    /// Between two quantities.
    public static Answer<Filter> range(Attribute attribute, Optional<String> min, Optional<String> max) {
        if (attribute.form() == Attribute.Form.TEXT) {
            return no(attribute, "is a text and has no least and most: give a value or a regular expression");
        }
        if (min.isEmpty() && max.isEmpty()) {
            return no(attribute, "has a range without bounds: give min, max or both");
        }
        return bound(attribute, min)
                .flatMap(least -> bound(attribute, max)
                        .flatMap(most -> least.isPresent()
                                        && most.isPresent()
                                        && least.get().compareTo(most.get()) > 0
                                ? no(
                                        attribute,
                                        "has the range " + least.get() + " to " + most.get()
                                                + ", whose min is greater than its max: nothing can be in it")
                                : Answer.yes(new Filter(attribute, new Range(least, most)))));
    }

    /// Found by a regular expression of RE2, unanchored.
    public static Answer<Filter> regex(Attribute attribute, String expression) {
        if (attribute.form() == Attribute.Form.AMOUNT) {
            return no(attribute, "is an amount and takes no regular expression: give a value or a range");
        }
        return switch (Regex.of(expression)) {
            case Answer.Yes<Regex>(var regex) -> Answer.yes(new Filter(attribute, new Found(regex)));
            case Answer.No<Regex>(var why) -> Answer.no(Refusal.malformed(attribute.word(), why.message()));
        };
    }

    /// Whether the flavor passes (fluidos.md 6.1).
    boolean passes(Flavor flavor) {
        return switch (test) {
            case Text(var value) -> attribute.texts(flavor).contains(value);
            case Found(var regex) -> attribute.texts(flavor).stream().anyMatch(regex::finds);
            case Amount(var value) ->
                attribute.amount(flavor).filter(value::equals).isPresent();
            case Range(var min, var max) ->
                attribute
                        .amount(flavor)
                        .filter(amount -> min.isEmpty() || amount.compareTo(min.get()) >= 0)
                        .filter(amount -> max.isEmpty() || amount.compareTo(max.get()) <= 0)
                        .isPresent();
        };
    }

    private static Answer<Optional<Quantity>> bound(Attribute attribute, Optional<String> text) {
        return text.map(bound -> amount(attribute, bound).map(Optional::of))
                .orElseGet(() -> Answer.yes(Optional.empty()));
    }

    private static Answer<Quantity> amount(Attribute attribute, String text) {
        return switch (Quantity.of(text)) {
            case Answer.Yes<Quantity> yes -> yes;
            case Answer.No<Quantity>(var why) -> Answer.no(Refusal.malformed(attribute.word(), why.message()));
        };
    }

    private static <T> Answer<T> no(Attribute attribute, String rule) {
        return Answer.no(Refusal.malformed(attribute.word(), "the filter of " + attribute.word() + " " + rule));
    }
}
