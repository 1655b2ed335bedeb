package holdfast.api.rear;

import holdfast.core.Refusal;
import holdfast.federation.wire.Call;
import holdfast.federation.wire.Reply;
import holdfast.platform.Json;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// A question that is refused (fluidos.md 5.1): one line of text, or `application/problem+json` for who accepts that.
final class RearProblem extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final String PROBLEM = "application/problem+json";
    private static final int LONGEST = 2_000;

    private final int status;
    private final transient Optional<String> field;
    private final transient Map<String, String> headers;

    private RearProblem(int status, String message, Optional<String> field, Map<String, String> headers) {
        super(message, null, false, false);
        this.status = status;
        this.field = field;
        this.headers = headers;
    }

    static RearProblem of(int status, Refusal why) {
        return new RearProblem(status, why.message(), why.field(), Map.of());
    }

    static RearProblem of(int status, String message) {
        return new RearProblem(status, message, Optional.empty(), Map.of());
    }

    static RearProblem malformed(String field, String message) {
        return of(400, Refusal.malformed(field, message));
    }

    static RearProblem of(Refusal why) {
        return of(
                switch (why.kind()) {
                    case MALFORMED -> 400;
                    case NOT_YOURS -> 403;
                    case NOT_THERE -> 404;
                    case NO_ROOM, CLASH -> 409;
                    case SILENT, BROKEN -> 503;
                },
                why);
    }

    RearProblem with(String header, String value) {
        var more = new HashMap<>(headers);
        more.put(header, value);
        return new RearProblem(status, text(), field, more);
    }

    /// As the caller of `call` wants to read it.
    Reply reply(Call call) {
        boolean asProblem =
                call.header("accept").filter(accept -> accept.contains(PROBLEM)).isPresent();
        var all = new HashMap<>(headers);
        all.put("x-content-type-options", "nosniff");
        all.put("content-type", asProblem ? PROBLEM : "text/plain; charset=utf-8");
        return new Reply(status, all, asProblem ? problem() : text() + "\n");
    }

    private String problem() {
        var problem =
                Json.object().put("type", "about:blank").put("status", status).put("detail", text());
        field.ifPresent(name -> problem.put("field", name));
        return Json.text(problem);
    }

    /// One line, of what may have been said by the caller.
    private String text() {
        var text = String.valueOf(getMessage()).replaceAll("\\p{Cntrl}+", " ");
        return text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text;
    }
}
