package im.signet.identity.invitation;

import im.signet.kit.limit.Limit;
import im.signet.kit.limit.Rate;
import im.signet.kit.limit.Refusals;
import im.signet.protocol.identifier.UserId;

import java.util.List;

import jakarta.validation.constraints.NotEmpty;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How often addresses may be invited.
 *
 * @param invitesPerAccount invitations by one account, also those that are answered with whose the address is
 */
@Validated
@ConfigurationProperties("signet.limits")
record InvitationLimits(
        @DefaultValue({
            "10 then 1 per 5s", "216 then 216 per 1d"}) @NotEmpty List<Rate> invitesPerAccount) {

    static {
        Refusals.declare("invites-per-account");
    }

    Limit.Claim by(UserId inviter) {
        return new Limit("invites-per-account", invitesPerAccount).by(inviter.value());
    }
}
