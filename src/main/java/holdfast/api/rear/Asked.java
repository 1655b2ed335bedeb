package holdfast.api.rear;

import holdfast.federation.trust.Rights;
import holdfast.federation.trust.Rights.Message;
import holdfast.federation.wire.Call;
import holdfast.federation.wire.Dialect;
import holdfast.federation.wire.Passing;
import holdfast.federation.wire.Reply;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.NodeIdentity;
import holdfast.protocol.rear.Trace;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A question for which there is a route.
///
/// @param name what stands in place of the `*` in the path; empty if there is none
/// @param rights what callers may do
record Asked(Call call, Passport passport, String name, Rights rights) {
    static final String TRACE = "x-rear-trace";
    static final String WORKFLOW = "x-rear-workflow";
    /// Under which no node is known.
    static final String NOBODY = "-";

    private static final String JSON = "application/json";

    /// The one that it shows, else that of nodes.
    Dialect dialect() {
        return Dialect.of(call).orElse(Dialect.NODE);
    }

    /// Whether the caller may do that with a flavor.
    boolean may(Message message, Flavor flavor) {
        return rights.permits(passport.caller(), message, flavor);
    }

    /// @param buyer what it says of itself, which no rule is evaded by
    /// @throws RearProblem if it may not
    void need(Message message, Flavor flavor, NodeIdentity buyer) {
        if (!rights.permits(passport.caller().saying(buyer.domain()), message, flavor)) {
            throw Door.forbidden(message);
        }
    }

    /// What it is for, if the caller says that.
    Optional<Trace> trace() {
        return Trace.said(call.header(TRACE), call.header(WORKFLOW));
    }

    /// How far a list has come, and who asks for it: whom it has proved to be, whatever it says.
    Passing passing() {
        var said = Passing.of(call);
        return switch (passport) {
            case Passport.Unproved _ -> said;
            case Passport.Stranger _ -> said.by(NOBODY);
            case Passport.Proved(var pin) -> said.by(pin.nodeId().orElse(NOBODY));
        };
    }

    /// The first value of a parameter.
    Optional<String> parameter(String key) {
        return call.query().getOrDefault(key, List.of()).stream().findFirst();
    }

    static Reply json(int status, String body) {
        return new Reply(status, Map.of("content-type", JSON), body);
    }

    static Reply empty(int status) {
        return new Reply(status, Map.of(), "");
    }
}
