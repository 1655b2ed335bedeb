package holdfast.api.resources;

import holdfast.authority.Bus;
import holdfast.authority.Provider;
import holdfast.authority.Provider.Account;
import holdfast.authority.Providers;
import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.engine.Resource;
import holdfast.platform.Database;
import holdfast.platform.HttpReply;
import holdfast.platform.Tx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Providers of cloud resources, which administrators add, change, refresh and take out.
final class ProvidersApi {
    private static final int LONGEST = 255;
    private static final int LONGEST_ADDRESS = 2_048;
    private static final int MOST_ZONES = 100;
    private static final int DAY = 86_400;
    private static final int POLL = 60;
    private static final String DEFAULT = "Default";
    private static final String NONE = "none";

    private final Database database;
    private final Providers providers;
    private final Finder finder;
    private final Representation representation;

    ProvidersApi(Database database, Providers providers, Finder finder, Representation representation) {
        this.database = database;
        this.providers = providers;
        this.finder = finder;
        this.representation = representation;
    }

    List<Route> routes() {
        return List.of(
                Route.post("/v1/providers", this::create),
                Route.put("/v1/providers/{id}", this::update),
                Route.delete("/v1/providers/{id}", this::remove),
                Route.post("/v1/providers/{id}", this::act, "action"));
    }

    /// What a body says; what it leaves out is as `before`.
    private record Body(
            Optional<String> name, Account account, Optional<String> password, Optional<Notifying> notifying) {}

    /// @param bus where the cloud tells; empty = nowhere
    private record Notifying(Optional<Bus> bus, Optional<String> password) {}

    private static Body read(ObjectNode body, Optional<Provider> known) {
        var before = known.map(Provider::account);
        var faults = new ArrayList<Refusal>();
        var form = new Form(body, "", faults);
        var name = before.isPresent() ? Optional.<String>empty() : Optional.of(form.requiredText("name", LONGEST));
        var zones = form.texts("zones", MOST_ZONES, LONGEST);
        var account = new Account(
                text(form, "driver", LONGEST, before.map(Account::driver), "openstack"),
                text(form, "endpoint", LONGEST_ADDRESS, before.map(Account::endpoint), ""),
                form.text("region", LONGEST).or(() -> before.flatMap(Account::region)),
                text(form, "username", LONGEST, before.map(Account::username), ""),
                text(form, "userDomain", LONGEST, before.map(Account::userDomain), DEFAULT),
                text(form, "projectName", LONGEST, before.map(Account::project), ""),
                text(form, "projectDomain", LONGEST, before.map(Account::projectDomain), DEFAULT),
                form.has("zones") ? zones : before.map(Account::zones).orElse(List.of()),
                form.flag("enforce")
                        .orElseGet(() -> before.map(Account::enforce).orElse(true)),
                number(form, "cleaningSeconds", 0, before.map(Account::cleaningSeconds), 0),
                number(form, "pollSeconds", 5, before.map(Account::pollSeconds), POLL),
                behind(form, before.flatMap(Account::behind)));
        var password = form.text("password", LONGEST_ADDRESS);
        var notifying = notifying(form, faults, known.flatMap(Provider::bus));
        form.end();
        if (!faults.isEmpty()) {
            throw Problem.of(faults);
        }
        return new Body(name, account, password, notifying);
    }

    /// What a Deltacloud server stands before.
    private static Optional<Account.Behind> behind(Form form, Optional<Account.Behind> before) {
        var driver = form.text("deltacloudDriver", LONGEST).or(() -> before.map(Account.Behind::driver));
        var disappear = form.flag("stoppedDisappear").or(() -> before.map(Account.Behind::stoppedDisappear));
        var destroys = form.flag("destroys").or(() -> before.flatMap(Account.Behind::destroys));
        var rewrite = form.flag("rewriteHosts").or(() -> before.map(Account.Behind::rewriteHosts));
        return driver.map(word -> new Account.Behind(word, disappear.orElse(false), destroys, rewrite.orElse(false)));
    }

    /// Empty if the body says nothing of it. The address `none` ends it.
    private static Optional<Notifying> notifying(Form form, List<Refusal> faults, Optional<Bus> before) {
        var address = form.text("notifications", LONGEST_ADDRESS);
        var password = form.text("notificationsPassword", LONGEST_ADDRESS);
        var topics = form.texts("notificationsTopics", Bus.MOST_TOPICS, LONGEST);
        boolean other = form.has("notificationsTopics");
        if (address.isEmpty() && password.isEmpty() && !other) return Optional.empty();
        if (address.filter(NONE::equals).isPresent()) return Optional.of(new Notifying(Optional.empty(), password));
        var where = address.or(() -> before.map(bus -> bus.address().toString()));
        if (where.isEmpty()) {
            form.fault("notifications", "notifications is missing: the address of the bus to which the rest belongs");
            return Optional.empty();
        }
        var which = other ? topics : before.map(Bus::topics).orElse(Bus.TOPICS);
        return switch (Bus.of(where.get(), which)) {
            case Answer.Yes<Bus>(var bus) -> Optional.of(new Notifying(Optional.of(bus), password));
            case Answer.No<Bus>(var why) -> {
                faults.add(why);
                yield Optional.empty();
            }
        };
    }

    private static String text(Form form, String field, int longest, Optional<String> before, String standard) {
        return form.text(field, longest).or(() -> before).orElse(standard);
    }

    private static int number(Form form, String field, int least, Optional<Integer> before, int standard) {
        return form.whole(field, least, DAY)
                .map(Math::toIntExact)
                .or(() -> before)
                .orElse(standard);
    }

    /// `POST /v1/providers`
    private HttpReply create(Ask ask) {
        need(ask, 'c', false);
        var body = read(Bodies.object(ask), Optional.empty());
        return database.inTransaction(tx -> {
            var added = providers
                    .add(
                            tx,
                            body.name().orElseThrow(),
                            ask.caller().project(),
                            body.account(),
                            body.password(),
                            ask.caller().user())
                    .flatMap(one -> listen(tx, ask, one, body));
            return Writes.created(representation.one(tx, ask, orRefuse(added)));
        });
    }

    private Answer<Resource> listen(Tx tx, Ask ask, Resource one, Body body) {
        return body.notifying()
                .map(how -> providers.listen(
                        tx, one.id(), how.bus(), how.password(), ask.caller().user()))
                .orElseGet(() -> Answer.yes(one));
    }

    /// `PUT /v1/providers/{id}`: what the body leaves out stays.
    private HttpReply update(Ask ask) {
        need(ask, 'u', true);
        var given = Bodies.object(ask); // once, however often the transaction is tried
        return changed(ask, 200, (tx, known) -> {
            var body = read(given, Optional.of(known.as(Provider.class)));
            return providers
                    .change(
                            tx,
                            known.id(),
                            body.account(),
                            body.password(),
                            ask.caller().user())
                    .flatMap(one -> listen(tx, ask, one, body));
        });
    }

    /// `DELETE /v1/providers/{id}`: 409 while something of ours is there.
    private HttpReply remove(Ask ask) {
        need(ask, 'd', true);
        return changed(
                ask,
                200,
                (tx, known) -> providers.remove(tx, known.id(), ask.caller().user()));
    }

    /// `POST /v1/providers/{id}?action=refresh`
    private HttpReply act(Ask ask) {
        need(ask, 'u', true);
        var action = ask.one("action").orElse("");
        if (!action.equals(ProviderPart.REFRESH)) {
            throw Problem.invalid(
                    "InvalidAction",
                    "action",
                    "action is '" + Form.shorten(action) + "'; a provider has the action " + ProviderPart.REFRESH);
        }
        return changed(
                ask,
                202,
                (tx, known) -> providers.refresh(tx, known.id(), ask.caller().user()));
    }

    private interface Change {
        Answer<Resource> of(Tx tx, Resource known);
    }

    private HttpReply changed(Ask ask, int status, Change change) {
        return database.inTransaction(tx -> {
            var known = finder.find(tx, ask, Providers.TYPE, ask.id());
            return HttpReply.json(status, representation.one(tx, ask, orRefuse(change.of(tx, known))));
        });
    }

    private static Resource orRefuse(Answer<Resource> answer) {
        return switch (answer) {
            case Answer.Yes<Resource>(var resource) -> resource;
            case Answer.No<Resource>(var why) -> throw Problem.of(why);
        };
    }

    private static void need(Ask ask, char letter, boolean single) {
        ask.need(ask.kinds().find(Providers.TYPE).orElseThrow(), letter, single);
    }
}
