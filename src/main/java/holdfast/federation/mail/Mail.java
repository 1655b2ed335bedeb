package holdfast.federation.mail;

import java.util.List;
import java.util.UUID;

/// What one side gives the other in an exchange.
///
/// @param letters at most [#MOST], oldest first
/// @param taken what came before and is kept here now: it need not be sent again
public record Mail(List<Letter> letters, List<UUID> taken) {
    /// Of letters.
    public static final int MOST = 64;

    /// Of the text of all, in characters.
    public static final int LARGEST = 256 << 10;

    /// Of the letters alone, so that there is room for what was taken.
    static final int ROOM = 200 << 10;

    public Mail {
        letters = List.copyOf(letters);
        taken = List.copyOf(taken);
    }
}
