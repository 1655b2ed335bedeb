package holdfast.federation.mail;

import holdfast.federation.wire.Endpoint;
import java.util.UUID;

/// How a buyer exchanges mail with a seller under one contract.
///
/// @param contract our record of it: what follows the `@` in names of actors there
/// @param endpoint where the seller is asked
/// @param id name of the contract there
/// @param token that the seller wants to see, see [holdfast.protocol.rear.Contract.Credentials]
public record Route(UUID contract, Endpoint endpoint, String id, String token) {
    /// Without what is secret.
    @Override
    public String toString() {
        return "Route[" + contract + " " + id + " at " + endpoint.address() + "]";
    }
}
