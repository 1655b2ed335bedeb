package holdfast.pools.clouds.images;

import static holdfast.db.Tables.RESOURCE;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Tx;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jooq.Condition;

/// What images and mappings have in common.
final class Rows {
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    private Rows() {}

    /// Some of those that `which` selects, in the order of their creation.
    static List<Resource> page(Tx tx, Resources resources, Condition which, int offset, int limit) {
        var ids = tx.sql()
                .select(RESOURCE.ID)
                .from(RESOURCE)
                .where(which)
                .orderBy(RESOURCE.CREATED, RESOURCE.ID)
                .offset(offset)
                .limit(limit)
                .fetch(RESOURCE.ID);
        return ids.isEmpty() ? List.of() : resources.list(tx, Resources.withIds(ids), limit);
    }

    /// Whether a text can be kept and shown in every form.
    static boolean isText(String text, int longest) {
        return text.length() <= longest && !CONTROL.matcher(text).find();
    }

    /// The resource, or CLASH if it is not at that version any more.
    static Answer<Resource> expect(Resource found, Optional<Long> version) {
        return version.filter(read -> read != found.version()).isPresent()
                ? Answer.no(Refusal.clash(
                        "it was changed by somebody else: its lock_version is " + (found.version() - 1) + " now"))
                : Answer.yes(found);
    }
}
