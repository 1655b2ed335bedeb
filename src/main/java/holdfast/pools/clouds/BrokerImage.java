package holdfast.pools.clouds;

import java.util.Optional;

/// Something to boot that stands for an image at each of several accounts (aeolus.md 2.9, 5.2).
///
/// @param id as users name it, `[A-Za-z0-9_.~-]{1,128}`
/// @param architecture such as `x86_64`
public record BrokerImage(String id, String name, String description, String owner, Optional<String> architecture) {}
