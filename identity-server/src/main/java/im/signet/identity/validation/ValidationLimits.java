package im.signet.identity.validation;

import im.signet.kit.limit.Limit;
import im.signet.kit.limit.Rate;
import im.signet.kit.limit.Refusals;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.Medium;
import im.signet.protocol.identifier.UserId;

import java.util.List;

import jakarta.validation.constraints.NotEmpty;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How often tokens are sent. A request that sends nothing, such as one that is tried again, is free.
 *
 * @param mailPerAccount mails that one account can have sent
 * @param mailPerAddress mails that one address gets
 * @param smsPerAccount  SMS that one account can have sent
 * @param smsPerNumber   SMS that one number gets
 */
@Validated
@ConfigurationProperties("signet.limits")
record ValidationLimits(@DefaultValue("5 then 1 per 5m") @NotEmpty List<Rate> mailPerAccount,
        @DefaultValue("3 then 1 per 1h") @NotEmpty List<Rate> mailPerAddress,
        @DefaultValue("5 then 1 per 5m") @NotEmpty List<Rate> smsPerAccount,
        @DefaultValue("3 then 1 per 1h") @NotEmpty List<Rate> smsPerNumber) {

    static {
        Refusals.declare("messages-per-account", "messages-per-account-and-address", "messages-per-address");
    }

    /** Returns what the account itself uses up, and may be told of: its messages, and those to this address. */
    Limit.Claim[] ofTheAccount(UserId user, Address address) {
        String medium = address.medium().wireName();
        Limit.Claim anywhere = new Limit("messages-per-account", perAccount(address)).by(medium, user.value());
        Limit.Claim there = new Limit("messages-per-account-and-address", perAddress(address))
                .by(medium, user.value(), address.value());
        return new Limit.Claim[]{anywhere, there};
    }

    /** Returns what all accounts together use up of an address. */
    Limit.Claim ofTheAddress(Address address) {
        return new Limit("messages-per-address", perAddress(address)).by(address.medium().wireName(), address.value());
    }

    private List<Rate> perAccount(Address address) {
        return address.medium() == Medium.EMAIL ? mailPerAccount : smsPerAccount;
    }

    private List<Rate> perAddress(Address address) {
        return address.medium() == Medium.EMAIL ? mailPerAddress : smsPerNumber;
    }
}
