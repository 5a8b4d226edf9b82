/**
 * The people whom a user knows, and how far what is known of them may be trusted: see {@code docs/spec/handles.md}, section 11.
 * {@link im.signet.client.book.ContactBook} is what a client remembers of them, and
 * {@link im.signet.client.book.StoredContacts} keeps it. Only a {@link im.signet.client.book.Verification} moves anything up.
 */
@NullMarked
package im.signet.client.book;

import org.jspecify.annotations.NullMarked;
