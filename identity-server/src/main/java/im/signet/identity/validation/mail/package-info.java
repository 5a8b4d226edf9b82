/// Tokens sent by mail.
@NullMarked
package im.signet.identity.validation.mail;

import org.jspecify.annotations.NullMarked;
