package im.signet.client.transport;

import java.net.URI;

/**
 * A request that is about to be sent, as it may be shown to the user.
 *
 * @param method     the method
 * @param url        the URL; a secret in its query is replaced by {@code hidden}
 * @param disclosure what the server learns from the request
 */
public record PlannedRequest(Method method, URI url, Disclosure disclosure) {}
