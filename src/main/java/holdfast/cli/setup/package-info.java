/// What a file says a cloud broker is to be, compared with what it is: [SetupFile] reads what is wanted, [Kind] what a
/// server tells, and [Plan] says what is to be done, in which order. Sends nothing and reads no clock.
@NullMarked
package holdfast.cli.setup;

import org.jspecify.annotations.NullMarked;
