package holdfast.api.resources;

import holdfast.federation.buying.Buying;
import holdfast.federation.discovery.Candidates;
import holdfast.federation.mail.Passage;
import holdfast.federation.peers.Peers;

/// What a domain that deals with others has beside the rest.
///
/// @param passage the way to machines there
public record Trading(Peers peers, Candidates candidates, Buying buying, Passage passage) {}
