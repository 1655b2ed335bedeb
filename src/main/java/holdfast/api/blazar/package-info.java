/// Blazar's REST API v1, as its own command line speaks it (promise.md 5.4): a lease is a reservation of ours, a
/// reservation in it is an item. What is decided is decided by `broker`; here is only what it is called on this wire.
@org.jspecify.annotations.NullMarked
package holdfast.api.blazar;
