package holdfast.protocol;

import holdfast.core.SliceId;
import java.util.List;

/// What broker and authority know of the slice that a sliver belongs to. A claim set, not a token: no user's token
/// travels between actors.
///
/// @param project the project that owns it
/// @param owner the user who asked for it
/// @param sshKeys public keys to be let in, each one line
public record SliceInfo(SliceId id, String name, String project, String owner, List<String> sshKeys) {
    public SliceInfo {
        sshKeys = List.copyOf(sshKeys);
    }
}
