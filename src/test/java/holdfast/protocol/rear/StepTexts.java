package holdfast.protocol.rear;

import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// Reads what journals say of steps.
public final class StepTexts {
    private StepTexts() {}

    /// The numbers that steps have in a workflow, such as `7` or `26a`, shorter ones first.
    ///
    /// @param steps such as `W2 #20 #21 RESERVE_ANSWERED: flavor f`
    public static Set<String> numbers(Workflow workflow, Collection<String> steps) {
        var ours = Pattern.compile("\\b" + workflow + " ((?:#\\w+ )+)");
        var numbers = new TreeSet<String>(
                java.util.Comparator.comparingInt(String::length).thenComparing(number -> number));
        for (var step : steps) {
            var found = ours.matcher(step.replaceAll(":(?s).*", ""));
            while (found.find()) {
                for (var number : found.group(1).strip().split(" ")) numbers.add(number.substring(1));
            }
        }
        return numbers;
    }
}
