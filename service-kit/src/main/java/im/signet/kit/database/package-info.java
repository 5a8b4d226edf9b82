/** The one PostgreSQL of a process, given by the operator or brought along, and the schemas that the services keep in it. */
@NullMarked
package im.signet.kit.database;

import org.jspecify.annotations.NullMarked;
