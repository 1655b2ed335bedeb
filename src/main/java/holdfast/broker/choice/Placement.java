package holdfast.broker.choice;

/// Where a part of an item is.
///
/// @param place a host, an address, an element, a zone or an account
/// @param slots how many instances are there; 1 for what is not counted
public record Placement(String place, long slots) {}
