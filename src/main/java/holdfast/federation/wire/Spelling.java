package holdfast.federation.wire;

import holdfast.core.Quantity;
import holdfast.protocol.rear.Dimension;
import holdfast.protocol.rear.NetworkRule;
import holdfast.protocol.rear.ServiceOffer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// In what the dialects differ within the kinds of flavors, see [KindWriter].
interface Spelling {
    /// The key of what a slice has.
    String characteristics();

    /// Whether a slice without GPU says so.
    boolean alwaysGpu();

    /// What is offered or asked: never more than `amount`.
    String amount(Dimension dimension, Quantity amount);

    /// The least, or the step, of what is sold: never less than `amount`.
    String atLeast(Dimension dimension, Quantity amount);

    /// One end of a rule of the network.
    ObjectNode end(NetworkRule.End end);

    ObjectNode service(ServiceOffer offer);

    /// The key of something that a service is configured with.
    String setting(String key);

    /// What a service is configured with.
    JsonNode settings(JsonNode data);
}
