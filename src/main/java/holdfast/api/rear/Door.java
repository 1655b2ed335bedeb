package holdfast.api.rear;

import holdfast.federation.trust.Buckets;
import holdfast.federation.trust.Caller;
import holdfast.federation.trust.Fingerprint;
import holdfast.federation.trust.Guard;
import holdfast.federation.trust.Guard.Verdict;
import holdfast.federation.trust.Rights;
import holdfast.federation.trust.Rights.Message;
import holdfast.federation.wire.Call;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/// Who may ask what, and how often. Nothing here looks into the database for strangers, but for the list of keys, once
/// a second at most.
public final class Door {
    private static final Pattern BEARER = Pattern.compile("(?i)bearer +([A-Za-z0-9._~+/=-]{1,8000}) *");

    private final Way way;
    private final Rights rights;
    private final Optional<Limits> limits;

    /// How often one caller may ask.
    ///
    /// @param mail for mail alone, which waits at the seller and comes often
    public record Limits(Buckets questions, Buckets mail) {}

    /// How callers prove who they are.
    public sealed interface Way {
        /// Not at all.
        record Nothing() implements Way {}

        /// By a certificate.
        record Certificate(Guard guard) implements Way {}

        /// By a token with each question.
        record Bearer(Guard guard) implements Way {}

        /// As in the settings, and as told to others.
        default String word() {
            return switch (this) {
                case Nothing _ -> "none";
                case Certificate _ -> "mtls";
                case Bearer _ -> "bearer";
            };
        }
    }

    public Door(Way way, Rights rights, Optional<Limits> limits) {
        this.way = way;
        this.rights = rights;
        this.limits = limits;
    }

    /// One that is open to everybody, for trials.
    public static Door open() {
        return new Door(new Way.Nothing(), Rights.ALL, Optional.empty());
    }

    Way way() {
        return way;
    }

    Rights rights() {
        return rights;
    }

    /// Lets somebody in.
    ///
    /// @param message what is asked; empty if everybody may ask it
    /// @throws RearProblem 429 if that was too often, 401 if it takes a proof, 403 if the rules say no
    Passport enter(Call call, Visitor visitor, Optional<Message> message) {
        var shown = shown(call, visitor, message.equals(Optional.of(Message.MAIL)));
        var passport = passport(shown);
        count(passport, visitor, message);
        use(shown);
        message.filter(asked -> !rights.permits(passport.caller(), asked)).ifPresent(asked -> {
            throw refused(passport, asked);
        });
        return passport;
    }

    /// How rules look now at somebody who was let in before.
    ///
    /// @param fingerprint of the key that it has proved; empty if it has proved none
    /// @return empty if its key is known no more
    Optional<Caller> caller(Optional<String> fingerprint) {
        if (fingerprint.isEmpty()) {
            return Optional.of(Caller.ANYBODY);
        }
        return switch (way) {
            case Way.Nothing _ -> Optional.empty();
            case Way.Certificate(var guard) -> caller(guard.known(fingerprint.get()));
            case Way.Bearer(var guard) -> caller(guard.known(fingerprint.get()));
        };
    }

    private static Optional<Caller> caller(Verdict verdict) {
        return verdict instanceof Verdict.Known(var pin, var _) ? Optional.of(pin.caller()) : Optional.empty();
    }

    /// What it shows; empty where nothing need be shown. Mail shows the secret of its contract where others show a
    /// token.
    private Optional<Verdict> shown(Call call, Visitor visitor, boolean mail) {
        return switch (way) {
            case Way.Nothing _ -> Optional.empty();
            case Way.Certificate(var guard) ->
                Optional.of(visitor.certificate()
                        .flatMap(Fingerprint::of)
                        .map(guard::known)
                        .orElseGet(() -> new Verdict.Unknown("show the certificate of your node")));
            case Way.Bearer(var guard) ->
                Optional.of(token(call)
                        .filter(_ -> !mail)
                        .map(guard::read)
                        .orElseGet(() -> new Verdict.Unknown("send a token as Authorization: Bearer")));
        };
    }

    private static Passport passport(Optional<Verdict> shown) {
        return shown.<Passport>map(verdict -> switch (verdict) {
                    case Verdict.Known(var pin, var _) -> new Passport.Proved(pin);
                    case Verdict.Unknown(var why) -> new Passport.Stranger(why);
                })
                .orElse(Passport.unproved());
    }

    /// A token counts once; one that came too often may come again.
    private void use(Optional<Verdict> shown) {
        if (way instanceof Way.Bearer(var guard)
                && shown.isPresent()
                && shown.get() instanceof Verdict.Known(var _, var use)
                && use.filter(once -> !guard.first(once)).isPresent()) {
            throw unproved("your token was here before: send a new one with each question");
        }
    }

    private static Optional<String> token(Call call) {
        return call.header("authorization")
                .map(BEARER::matcher)
                .filter(found -> found.matches())
                .map(found -> found.group(1));
    }

    private void count(Passport passport, Visitor visitor, Optional<Message> message) {
        var who = switch (passport) {
            case Passport.Proved(var pin) -> pin.fingerprint();
            case Passport.Stranger _, Passport.Unproved _ -> visitor.address();
        };
        limits.map(all -> message.equals(Optional.of(Message.MAIL)) ? all.mail() : all.questions())
                .flatMap(buckets -> buckets.late(who))
                .ifPresent(wait -> {
                    throw RearProblem.of(429, "you ask too often: ask again after the time in Retry-After")
                            .with("retry-after", "" + seconds(wait));
                });
    }

    /// Whole seconds, and not too few.
    private static long seconds(Duration wait) {
        return Math.max(1, wait.plusSeconds(1).minusNanos(1).toSeconds());
    }

    private RearProblem refused(Passport passport, Message message) {
        return switch (passport) {
            case Passport.Stranger(var why) -> unproved(why);
            case Passport.Proved _, Passport.Unproved _ -> forbidden(message);
        };
    }

    private RearProblem unproved(String why) {
        var problem = RearProblem.of(401, "prove who you are: " + why);
        return way instanceof Way.Bearer ? problem.with("www-authenticate", "Bearer") : problem;
    }

    /// A rule says no.
    static RearProblem forbidden(Message message) {
        return RearProblem.of(
                403,
                "you may not " + message.word() + " here: ask the administrators of this node, whose rules say so");
    }
}
