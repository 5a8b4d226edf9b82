/**
 * Discovery of contacts through a Matrix identity server, by consent: choosing a server permits to read its status and its
 * terms, and each thing beyond takes a {@link im.signet.client.Consent} that names the server, the purpose and the policies
 * that the user accepted. There is no default server, nothing runs in the background, and a
 * {@link im.signet.client.transport.RequestListener} sees every request before it is sent.
 *
 * <pre>{@code
 * static Lookup friends(URI address, Transport transport, OpenIdToken openId, AddressBook book, Predicate<Terms> user) {
 *     IdentityServer server = IdentityServer.at(address, transport).orElseThrow();
 *     if (!(server.terms() instanceof TermsReading.Read read) || !user.test(read.terms())) {
 *         return new Lookup.Found(List.of(), 0, 0);
 *     }
 *     Consent.Draft<Purpose.DiscoverContacts> draft = read.terms().consentTo(Purpose.DISCOVER_CONTACTS);
 *     read.terms().policies().forEach(policy -> draft.accept(policy, "en"));
 *     Consent<Purpose.DiscoverContacts> consent = draft.give();
 *     Connection connection = server.connect(consent, openId);
 *     return connection instanceof Connection.Connected connected
 *             ? connected.session().discovery(consent).lookup(book)
 *             : (Failure) connection;
 * }
 * }</pre>
 *
 * Handles such as {@code alice@example.org} are looked up with a {@link im.signet.client.HandleDirectory}, by a
 * {@link im.signet.client.ResolveConsent}, and kept with {@link im.signet.client.OwnHandles}, by a consent for
 * {@link im.signet.client.Purpose.KeepHandle}; what they are made of stands in {@link im.signet.client.handle}, and where
 * the keys lie in the module {@code im.signet.client.secret}.
 *
 * <p>A {@link im.signet.client.Homeserver} vouches for its user, keeps which terms they accepted, and can bind and unbind
 * their addresses in place of the library ({@link im.signet.client.Publication#bindThrough}).
 *
 * <p>Every call returns when it is done. {@link im.signet.client.PendingCall} runs any of them on an executor of the
 * application's.
 *
 * <p>What a caller handles is a returned outcome, of a sealed type: its own cases, and {@link im.signet.client.Failure} for
 * what can befall every operation. Exceptions are for mistakes of the program: a consent for another server, a policy that
 * is not one of the terms.
 */
@NullMarked
package im.signet.client;

import org.jspecify.annotations.NullMarked;
