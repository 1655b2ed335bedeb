package holdfast.api.resources;

/// What a server says of itself.
///
/// @param version of the product
/// @param database which kind, in words: `embedded PostgreSQL 18.6`
public record About(String version, String database) {}
