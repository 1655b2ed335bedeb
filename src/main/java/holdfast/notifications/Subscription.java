package holdfast.notifications;

import holdfast.engine.Notice;
import holdfast.engine.Resource;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/// Somebody who wants to hear of something at an address: a resource of type `subscription`.
///
/// @param project whose notices it may hear, beside those for everybody
/// @param content what is stored of it; its secret is kept apart
public record Subscription(UUID id, String project, Content content) {
    public static final String TYPE = "subscription";

    /// The states of a subscription.
    public enum State {
        ACTIVE,
        /// Its receiver took nothing for a day, or its owner may not hear any more; a change of it begins anew.
        SUSPENDED,
        REMOVED;

        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /// @param owner the user who made it
    /// @param everything whether it hears of all projects, as administrators may
    /// @param callback where notices are posted; empty for one who comes and asks
    /// @param terms of one who subscribed by another interface than ours
    public record Content(
            String owner, boolean everything, Optional<URI> callback, NoticeFilter filter, Optional<Terms> terms) {
        public Content(String owner, boolean everything, URI callback, NoticeFilter filter) {
            this(owner, everything, Optional.of(callback), filter, Optional.empty());
        }
    }

    /// What was agreed on by another interface.
    ///
    /// @param face the [Face] of that interface, which alone knows what was said
    /// @param until when it ends, unless it is renewed
    public record Terms(String face, Instant until, ObjectNode said) {}

    public static Subscription of(Resource resource) {
        return new Subscription(resource.id(), resource.project(), resource.as(Content.class));
    }

    /// Whether it was not renewed in time.
    boolean isOver(Instant now) {
        return content.terms().filter(terms -> !terms.until().isAfter(now)).isPresent();
    }

    /// What it watches by a threshold is told to it alone; one that has a threshold and names no events hears
    /// nothing else.
    boolean hears(Notice notice) {
        if (notice.type().equals(Thresholds.CROSSED)) {
            return notice.object().id().equals(id);
        }
        if (content.filter.threshold().isPresent() && content.filter.events().isEmpty()) {
            return false;
        }
        return (content.everything
                        || notice.project().isEmpty()
                        || notice.project().equals(project))
                && content.filter.fits(notice);
    }
}
