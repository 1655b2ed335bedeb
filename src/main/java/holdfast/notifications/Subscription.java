package holdfast.notifications;

import holdfast.engine.Notice;
import holdfast.engine.Resource;
import java.net.URI;
import java.util.UUID;

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
    public record Content(String owner, boolean everything, URI callback, NoticeFilter filter) {}

    public static Subscription of(Resource resource) {
        return new Subscription(resource.id(), resource.project(), resource.as(Content.class));
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
