package im.signet.client;

import java.net.URI;

/**
 * A policy that the user accepted, as they read it.
 *
 * @param id       its name on the server
 * @param version  the version that was accepted, and no later one
 * @param language the language in which the user read it
 * @param url      the text that they read
 */
public record AcceptedPolicy(String id, String version, String language, URI url) {}
