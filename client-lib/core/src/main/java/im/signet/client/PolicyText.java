package im.signet.client;

import java.net.URI;

/**
 * A policy in one language.
 *
 * @param language the key under which the server offers it, usually a language tag such as {@code en}; it may be unknown
 * @param name     its title, to show as a link
 * @param url      where to read it, http or https; accepting the policy means sending exactly this URL
 */
public record PolicyText(String language, String name, URI url) {}
