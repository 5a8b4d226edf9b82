/**
 * The command line: what a user types to be found, to find others, and to own a handle. It is made of the client library's public
 * API. Nothing is sent before the user was told what it discloses and agreed.
 */
@NullMarked
package im.signet.cli;

import org.jspecify.annotations.NullMarked;
