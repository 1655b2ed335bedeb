package holdfast.core;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/// Ids of the records that several actors keep of one thing.
public final class Copies {
    private Copies() {}

    /// The id of `actor`'s own record of `thing`. The same pair always gives the same id, so a request told twice
    /// finds the first one's record.
    public static UUID id(String actor, UUID thing) {
        return id(actor, thing.toString());
    }

    /// The id of `keeper`'s record of what is known by a name, such as the account of a project.
    public static UUID id(String keeper, String name) {
        return UUID.nameUUIDFromBytes((keeper + '\n' + name).getBytes(StandardCharsets.UTF_8));
    }
}
