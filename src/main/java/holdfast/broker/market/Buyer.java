package holdfast.broker.market;

import holdfast.protocol.rear.NodeIdentity;

/// Who buys.
///
/// @param identity what the buyer says of itself
/// @param key what it has proved to be; a customer of a supernode is a buyer of its own
/// @param cluster the id of its fabric
public record Buyer(NodeIdentity identity, String key, String cluster) {}
