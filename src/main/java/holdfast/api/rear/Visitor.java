package holdfast.api.rear;

import java.security.cert.X509Certificate;
import java.util.Optional;

/// Who is at the door, before anything is proved.
///
/// @param certificate that it has shown
public record Visitor(String address, Optional<X509Certificate> certificate) {}
