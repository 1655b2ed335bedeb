/// The command line: a client of the server's HTTP interface, and the two commands that run a server in this process.
///
/// Knows of a server only its HTTP interface; what runs one, looks at the machine or copies a database is handed in
/// ([ServerLauncher], [SubstrateCheck], [Backups]). Asking for help or the version loads none of that.
@NullMarked
package holdfast.cli;

import org.jspecify.annotations.NullMarked;
