package holdfast.protocol.rear;

import holdfast.protocol.rear.Workflow.Role;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The steps of the workflows, and the numbers that each has there (fluidos.md 4). A step has several numbers where
/// several take it, or one takes it several times; it has none in a workflow where it does not occur.
///
/// Until an offer is taken nobody knows which workflow it will be. What is done before, or for no offer in particular,
/// is told with the numbers of all of them; see docs/decisions/0150.
public enum StepNumber {
    // Each argument is one workflow. A number alone is that of whoever takes the step.
    JOINED("", "1", "", "1 sp"),
    KEPT_ALIVE("", "2", "", ""),
    OFFERS_LISTED("", "3, 4", "", ""),
    OFFER_PUBLISHED("", "", "", "2 sp"),
    OFFER_REFRESHED("", "32", "", "3 sp"),
    OFFERS_SWEPT("", "", "", "4 k"),
    INTENT_RECEIVED("1", "5", "1", "5"),
    INTENT_DECOMPOSED("2", "6", "2", "6"),
    LOCAL_LOOKED_UP("3", "6", "3", "7"),
    SOLVER_MADE("4", "7", "4", "8"),
    CANDIDATES_LOOKED_AT("5", "7", "5", "9"),
    SELECTOR_BUILT("6", "8", "6", "10"),
    LIST_SENT("7", "9", "7", "11"),
    OWN_MATCHED("8", "10 sc", "8 sc, 11 sp", "12 sc"),
    MEMBERS_MATCHED("", "11", "9 sc, 12 sp", "12"),
    MEMBERS_ASKED("", "12", "9 sc, 12 sp", ""),
    LIST_PASSED_ON("", "", "10", "13 sc"),
    CATALOG_MATCHED("", "", "", "14 k"),
    LIST_ANSWERED("9 p", "13 sc", "13 sp, 15 sc", "15 k, 18 sc"),
    OFFERS_STORED("10", "14", "14 sc, 16 c", "16 sc, 18 c"),
    OFFER_VERIFIED("", "", "", "17"),
    DISCOVERY_DONE("11", "14", "17", "18"),
    CANDIDATE_FOUND("12", "14", "18", "18"),
    PURCHASE_BEGUN("13", "15", "19", "19"),
    RESERVE_SENT("14", "15", "20", "19"),
    RESERVE_PASSED_ON("", "17", "21 sc, 22 sp", "20 sc, 20 k, 21 sp"),
    CLAIMED("15", "16 sc, 18 p", "23", "22"),
    REST_LISTED("16", "16 sc, 18 p", "24", "22"),
    RESERVED("17", "16 sc, 18 p", "25", "22"),
    RESERVE_ANSWERED("18", "19 p, 20 sc, 21 sc", "26 p, 27 sp, 28 sc", "22"),
    OFFER_WITHDRAWN("", "32", "", "23"),
    OFFER_REPORTED("", "", "", "24"),
    PURCHASE_SENT("18a", "22 c, 23 sc, 24 sc", "26a", "25"),
    CONTRACT_MADE("18a", "25 p, 26 p, 27 sc, 28 sc", "26a", "25"),
    CONTRACT_STORED("19", "29", "29", "28"),
    RECEIPT_SENT("", "", "", "26"),
    CREDENTIALS_KEPT("", "", "", "27 k"),
    BORROWED_INACTIVE("20", "29", "30", "29"),
    FORWARDING_MADE("", "27", "30", "29"),
    PEERING_BEGUN("21", "30", "31", "30"),
    PEERING_ASKED("22", "30", "32", "31"),
    PEERING_ADMITTED("23", "30", "33", "32"),
    UP_AT_PROVIDER("24", "30", "34", "33"),
    LENT_ACTIVE("25", "30", "35", "34"),
    PEERING_OFFERED("26", "30", "36", "35"),
    UP_AT_CONSUMER("27", "30", "37", "36"),
    BORROWED_ACTIVE("28", "30", "38", "37"),
    SOLVED("29", "31", "39", "38"),
    RESUMED("30", "31", "40", "38"),
    PLACED("31", "31", "41", "38"),
    RATED("", "", "", "39");

    private final Map<Workflow, List<Numbered>> workflows;

    StepNumber(String w1, String w2, String w3, String w4) {
        workflows = Map.of(
                Workflow.W1, cell(w1),
                Workflow.W2, cell(w2),
                Workflow.W3, cell(w3),
                Workflow.W4, cell(w4));
    }

    /// A number, and of whom it is; of anybody if no role is named.
    private record Numbered(String number, List<Role> roles) {}

    /// The numbers that the step has in a workflow when `role` takes it, such as `21` or `18a`.
    public List<String> numbers(Workflow workflow, Role role) {
        return cells(workflow).stream()
                .filter(cell -> cell.roles.isEmpty() || cell.roles.contains(role))
                .map(Numbered::number)
                .toList();
    }

    /// All numbers that it has in a workflow.
    public List<String> numbers(Workflow workflow) {
        return cells(workflow).stream().map(Numbered::number).distinct().toList();
    }

    /// As it is told in the journal: `W3 #21 RESERVE_PASSED_ON`. Without a number where the workflow has none for
    /// it.
    public String text(Workflow workflow, Role role) {
        return numbered(workflow, role) + name();
    }

    /// The same while the workflow may not be known: then with the numbers of each that has one for it, such as
    /// `W1 #5 W2 #7 W3 #5 W4 #9 CANDIDATES_LOOKED_AT`.
    public String text(Optional<Workflow> workflow, Role role) {
        return workflow.map(known -> text(known, role))
                .orElseGet(() -> Stream.of(Workflow.values())
                        .filter(each -> !numbers(each, role).isEmpty())
                        .map(each -> numbered(each, role))
                        .collect(Collectors.joining("", "", name())));
    }

    private String numbered(Workflow workflow, Role role) {
        var numbers = numbers(workflow, role).stream().map(number -> "#" + number + " ");
        return workflow + " " + numbers.collect(Collectors.joining());
    }

    private List<Numbered> cells(Workflow workflow) {
        return Objects.requireNonNull(workflows.get(workflow));
    }

    private static List<Numbered> cell(String text) {
        return Arrays.stream(text.split(", "))
                .filter(part -> !part.isEmpty())
                .map(part -> part.split(" "))
                .map(part -> new Numbered(
                        part[0],
                        Arrays.stream(part)
                                .skip(1)
                                .map(role -> Role.valueOf(role.toUpperCase(Locale.ROOT)))
                                .toList()))
                .toList();
    }
}
