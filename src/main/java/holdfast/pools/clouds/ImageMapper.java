package holdfast.pools.clouds;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// What knows which image at an account stands for an image of ours (aeolus.md 4.6, 5.2.3). May be replaced by whoever
/// builds Holdfast into something else.
public interface ImageMapper {
    /// The word, instead of an address, by which a pool family has its images looked up live, each named by account
    /// and image there.
    String SAME_ID = "same-id";

    /// Whether what it says of an image that there is changes only with what is set up here ([Setup]).
    default boolean isSetUp() {
        return false;
    }

    /// The images that may be used in a pool.
    List<BrokerImage> list(CloudPool pool);

    Optional<BrokerImage> describe(CloudPool pool, String image);

    /// For all accounts at once; what is missing in the answer is [Mapped.None].
    ///
    /// @param build a version of the image; empty = the newest
    /// @throws UnavailableException if it cannot tell now
    Map<UUID, Mapped> map(String image, Optional<String> build, Collection<CloudAccount> accounts);

    /// What an image is at one account.
    sealed interface Mapped {
        /// It can be booted there.
        ///
        /// @param image as the provider calls it
        record Usable(String image) implements Mapped {}

        /// @param reason why not, in words, such as `in progress`, `no image`
        record None(String reason) implements Mapped {}

        /// Those that can be booted, as their providers call them.
        static Map<UUID, String> usable(Map<UUID, Mapped> accounts) {
            var usable = new HashMap<UUID, String>();
            accounts.forEach((account, mapped) -> {
                if (mapped instanceof Usable(var there)) {
                    usable.put(account, there);
                }
            });
            return usable;
        }
    }

    /// The mapper is down, or slow.
    final class UnavailableException extends RuntimeException {
        private static final long serialVersionUID = 1;

        public UnavailableException(String message) {
            super(message);
        }
    }
}
