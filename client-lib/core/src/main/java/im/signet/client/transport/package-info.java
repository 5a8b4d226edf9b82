/** How requests leave: the transport that carries them, and the listener that sees each before it is sent and may veto it. */
@NullMarked
package im.signet.client.transport;

import org.jspecify.annotations.NullMarked;
