package holdfast.api.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import holdfast.orchestrator.instances.Fleet;
import java.security.MessageDigest;
import java.util.List;

/// `/broker/callbacks/TOKEN`: the cloud of an account says that something has changed with an instance (aeolus.md 4.5;
/// 7, row 18). Who says so shows nothing but the token of the account; what is said is a hint to look, and nothing
/// more.
final class CallbacksApi implements Part {
    /// The word after `broker`.
    static final String NAME = "callbacks";

    private static final int LARGEST = 4_096;
    private static final int ID = 36;

    private final Desk desk;
    private final Fleet fleet;

    CallbacksApi(Desk desk, Fleet fleet) {
        this.desk = desk;
        this.fleet = fleet;
    }

    @Override
    public Reply serve(Ask ask, List<String> rest) {
        ask.must(Ask.POST);
        if (rest.size() != 1 || rest.getFirst().length() <= ID) {
            throw nothing();
        }
        var token = rest.getFirst();
        var account = Ids.of(token.substring(0, ID)).orElseThrow(CallbacksApi::nothing);
        var accounts = desk.configuration().accounts();
        if (desk.in(tx -> accounts.find(tx, account)).isEmpty()) {
            throw nothing();
        }
        if (!MessageDigest.isEqual(
                token.getBytes(UTF_8), accounts.token(account).getBytes(UTF_8))) {
            throw Failure.forbidden("this is not the token of that account");
        }
        var key = ask.body("callback", LARGEST)
                .text("external_key")
                .orElseThrow(() -> Failure.invalid("external_key", "external_key can't be blank"));
        return desk.in(tx -> {
            if (!fleet.isAt(tx, account, key)) {
                throw Failure.notFound("the account has no such instance");
            }
            desk.configuration().sites().hint(tx, account);
            return Reply.nothing();
        });
    }

    private static Failure nothing() {
        return Failure.notFound("there is nothing at this address");
    }
}
