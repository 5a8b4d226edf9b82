package im.signet.terms.policy;

import java.util.Map;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The terms of use.
 *
 * @param policies the policies in force, by their id, such as {@code privacy_policy}: each has a {@code version}, a
 *                 day {@code required-from} where it is announced beforehand, the {@code services} that ask for it where
 *                 not all do, and by language, a {@code name} and either a {@code url} or a {@code file} whose text this
 *                 server publishes: Markdown where its name ends in {@code .md} or {@code .markdown}, HTML where it ends
 *                 in {@code .html} or {@code .htm}, else plain text. A text once published under a version is never changed: a
 *                 changed file, format or name stops the start
 */
@ConfigurationProperties("signet.terms")
record TermsProperties(@DefaultValue Map<String, Map<String, Object>> policies) {}
