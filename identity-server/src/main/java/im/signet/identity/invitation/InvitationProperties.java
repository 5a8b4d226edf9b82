package im.signet.identity.invitation;

import java.time.Duration;
import java.util.List;

import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How invitations to addresses behave.
 *
 * @param lifetime       how long an invitation waits for its address to be bound and, after that, for the homeserver to
 *                       take it
 * @param webClientHosts hosts of web clients that the mail may link to, such as {@code app.element.io}, when the inviter's
 *                       client names itself; nobody else's links are put into mails
 */
@Validated
@ConfigurationProperties("signet.invitation")
record InvitationProperties(@DefaultValue("30d") @DurationMin(hours = 1) Duration lifetime,
        @DefaultValue List<String> webClientHosts) {}
