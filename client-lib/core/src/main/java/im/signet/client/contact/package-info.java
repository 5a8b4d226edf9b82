/**
 * The people of an address book and what was found of them. All of it is unvalidated: what a client remembers of people, and how
 * it comes to trust them, is a module of its own, {@code im.signet.client.book}.
 */
@NullMarked
package im.signet.client.contact;

import org.jspecify.annotations.NullMarked;
