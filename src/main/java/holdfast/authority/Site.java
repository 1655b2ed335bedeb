package holdfast.authority;

/// A site as its authority shows it.
///
/// @param code site code, such as `RENC`; empty for a network
/// @param driver what makes leases real here, in words
/// @param hash of the advertisement, so that a change is noticed
public record Site(String code, String driver, String hash) {}
