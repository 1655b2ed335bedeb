package holdfast.federation.mail;

import holdfast.protocol.Message;
import java.util.UUID;

/// A message on its way from one domain to another. Names of actors are bare: who reads it knows under which contract
/// it came.
///
/// @param id chosen by its sender: one that comes twice has its effect once
public record Letter(UUID id, String from, String to, Message message) {}
