/// Tokens sent by SMS, through whatever gateway the operator has, if it speaks HTTP.
@NullMarked
package im.signet.identity.validation.sms;

import org.jspecify.annotations.NullMarked;
