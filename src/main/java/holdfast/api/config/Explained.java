package holdfast.api.config;

import holdfast.core.Refusal;
import holdfast.pools.clouds.choice.Candidate;
import holdfast.pools.clouds.choice.Explanation;
import holdfast.pools.clouds.choice.Explanation.Verdict;
import holdfast.pools.clouds.choice.Objection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Where a launch can be made and where not, told to clients (aeolus.md 5.1, 6.5).
final class Explained {
    /// With which names of sizes begin in the interface of Deltacloud.
    private static final String HWP = "hwp_";

    private Explained() {}

    /// Ranked candidates and refused accounts, each with its reasons. Which accounts they are, those see who may
    /// see them; others are told of no candidates, and of reasons only.
    ///
    /// @param assemblies names of several instances that are launched together; none = it is only one
    static Element show(Ask ask, Explanation explanation, List<String> assemblies) {
        var possible = explanation.accounts().stream()
                .filter(verdict -> verdict.objections().isEmpty() && verdict.named())
                .map(verdict -> candidate(ask, verdict, assemblies))
                .toList();
        var rejected = explanation.accounts().stream()
                .filter(verdict -> !verdict.objections().isEmpty())
                .map(verdict -> rejected(ask, verdict))
                .toList();
        return Element.of("explanation")
                .with("possible", explanation.refusal().isEmpty())
                .with(Element.many(
                        "reasons",
                        explanation.objections().stream()
                                .map(one -> reason("reason", one))
                                .toList()))
                .with(Element.many("candidates", possible))
                .with(Element.many("rejected_accounts", rejected));
    }

    private static Element rejected(Ask ask, Verdict verdict) {
        var element = verdict.named() ? account(ask, "rejected", verdict) : Element.of("rejected");
        return element.with(Element.many(
                "reasons",
                verdict.objections().stream().map(one -> reason("reason", one)).toList()));
    }

    private static Element account(Ask ask, String name, Verdict verdict) {
        var account = verdict.account();
        return Element.of(name)
                .with(ask.ref("provider_account", "provider_accounts", account.id())
                        .saying(account.label()))
                .with(ask.ref("provider", "providers", account.provider().id())
                        .saying(account.provider().name()));
    }

    private static Element candidate(Ask ask, Verdict verdict, List<String> assemblies) {
        var element = account(ask, "candidate", verdict);
        verdict.rank().ifPresent(rank -> element.with("rank", rank));
        verdict.group().ifPresent(group -> element.with("group_score", group));
        verdict.score().ifPresent(score -> element.with("score", score));
        element.with(
                "price", verdict.price().map(price -> price.stripTrailingZeros().toPlainString()));
        var matches = verdict.candidates().stream()
                .map(one -> match(ask, verdict, one, assemblies))
                .toList();
        var notes = verdict.notes().stream()
                .map(text -> Element.of("note").saying(text))
                .toList();
        return element.with(Element.many("matches", matches)).with(Element.many("notes", notes));
    }

    private static Element match(Ask ask, Verdict verdict, Candidate candidate, List<String> assemblies) {
        var match = Element.of("match").with("provider_realm", candidate.realm());
        if (assemblies.isEmpty()) {
            return made(match, ask, verdict, candidate, 0);
        }
        return match.with(Element.many(
                "assemblies",
                IntStream.range(0, assemblies.size())
                        .mapToObj(n -> made(
                                Element.of("assembly").attribute("name", assemblies.get(n)),
                                ask,
                                verdict,
                                candidate,
                                n))
                        .toList()));
    }

    /// What an instance would be made of.
    private static Element made(Element element, Ask ask, Verdict verdict, Candidate candidate, int number) {
        var match = candidate.matches().get(number);
        var profile = ProfilesApi.id(verdict.account().provider().id(), match.profile());
        return element.with(ask.ref("hardware_profile", "hardware_profiles", profile))
                .with("provider_image", match.image())
                .with(sizes(match.sizes()));
    }

    /// What an instance gets, by measure.
    static Element sizes(Map<String, String> known) {
        var sizes = Element.of("instance_hwp");
        new TreeMap<>(known).forEach(sizes::with);
        return sizes;
    }

    private static Element reason(String name, Objection objection) {
        return Element.of(name)
                .with("code", objection.reason().code())
                .with("assembly", objection.assembly())
                .with("message", objection.toString());
    }

    /// That nothing can be launched: every reason, with the account that it is about, if the caller may see it.
    static Failure failure(Explanation explanation) {
        var own = explanation.objections().stream().map(one -> reason("error", one));
        var all = explanation.accounts().stream()
                .flatMap(verdict -> verdict.objections().stream()
                        .map(one -> reason("error", one)
                                .with(
                                        "provider_account",
                                        Optional.of(verdict)
                                                .filter(Verdict::named)
                                                .map(known -> known.account().label()))));
        return Failure.impossible(
                explanation.refusal().map(Refusal::message).orElse("nothing can be launched"),
                Stream.concat(own, all).toList());
    }

    /// Why a launch is refused that could be made: what it names is not there, or something has changed just now.
    static Failure failure(Refusal why) {
        boolean about = why.kind() == Refusal.Kind.NOT_THERE || why.kind() == Refusal.Kind.MALFORMED;
        return about
                ? Failure.invalid(
                        field(why.field().orElse("base")), why.message().replace(HWP, ""))
                : Failure.of(why);
    }

    /// What a launch calls its profile and sizes, as bodies here do.
    private static String field(String named) {
        return named.equals("hwp_id")
                ? "hardware_profile"
                : named.startsWith(HWP) ? named.substring(HWP.length()) : named;
    }
}
