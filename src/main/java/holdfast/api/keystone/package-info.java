/// The identity service for installations without a Keystone: as much of its version 3 as the stock command lines need
/// to find the services here (promise.md 5.4). Users are those of the native interface; nothing is stored.
@org.jspecify.annotations.NullMarked
package holdfast.api.keystone;
