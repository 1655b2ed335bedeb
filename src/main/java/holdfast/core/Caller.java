package holdfast.core;

/// Who asks, after authentication.
///
/// @param user who it is
/// @param project on whose behalf
/// @param admin whether the caller runs this installation
public record Caller(String user, String project, boolean admin) {}
