/// Mail: letters written from templates, put into the outbox, and handed to the operator's SMTP server.
@NullMarked
@ApplicationModule(allowedDependencies = {})
package im.signet.identity.mail;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
