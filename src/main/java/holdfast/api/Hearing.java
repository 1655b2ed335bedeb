package holdfast.api;

import holdfast.core.Caller;
import holdfast.notifications.Hearers;
import holdfast.notifications.Subscription;
import holdfast.platform.Tx;
import holdfast.pools.Projects;
import java.util.Optional;

/// A subscription ends with the right to hear: when its project is switched off, when its owner is no member any more,
/// and when one who hears of all projects is no administrator any more. What a Keystone says of its users is known only
/// while they ask, so their subscriptions go on.
public final class Hearing implements Hearers {
    private final Tokens tokens;
    private final Projects projects;

    public Hearing(Tokens tokens, Projects projects) {
        this.tokens = tokens;
        this.projects = projects;
    }

    @Override
    public Optional<String> barred(Tx tx, Subscription subscription) {
        var project = subscription.project();
        var owner = subscription.content().owner();
        if (projects.isOff(tx, project)) {
            return Optional.of("the project " + project + " is switched off");
        }
        var known = tokens.named(owner);
        boolean admin = known.stream().anyMatch(Caller::admin);
        if (subscription.content().everything()) {
            return known.isEmpty() || admin
                    ? Optional.empty()
                    : Optional.of(owner + ", who made it, is no administrator any more");
        }
        boolean here =
                admin || known.stream().anyMatch(caller -> caller.project().equals(project));
        boolean left = !here
                && projects.role(tx, owner, project).isEmpty()
                && (!known.isEmpty() || projects.wasMember(tx, owner, project));
        return left
                ? Optional.of(owner + ", who made it, is no member of the project " + project + " any more")
                : Optional.empty();
    }
}
