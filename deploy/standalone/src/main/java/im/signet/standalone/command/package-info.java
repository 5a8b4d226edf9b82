/** What the commands of the operator share: how they read the server's settings, whom they ask, what they end with. */
@NullMarked
package im.signet.standalone.command;

import org.jspecify.annotations.NullMarked;
