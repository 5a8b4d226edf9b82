/** The people of an address book, what was found of them, and how far that may be trusted. */
@NullMarked
package im.signet.client.contact;

import org.jspecify.annotations.NullMarked;
