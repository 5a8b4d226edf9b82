/**
 * The people of an address book, what was found of them, and how far that may be trusted: see {@code docs/spec/handles.md},
 * section 11. {@link im.signet.client.contact.ContactBook} is what a client remembers of them, and
 * {@link im.signet.client.contact.StoredContacts} keeps it. Only a {@link im.signet.client.contact.Verification} moves anything up.
 */
@NullMarked
package im.signet.client.contact;

import org.jspecify.annotations.NullMarked;
