package im.signet.names.setting;

import im.signet.protocol.handle.Handle;
import im.signet.protocol.handle.HandleDomain;
import im.signet.protocol.identifier.ServerName;

import java.net.URI;
import java.util.List;

import com.ibm.icu.text.IDNA;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Whose handles this nameserver keeps, and who gets one.
 *
 * @param domains the domains of its handles, such as {@code example.org}, in lower case and as A-labels; without any, the
 *            nameserver answers 404 to everything
 * @param registration who may register: "homeserver", whose Matrix user is called like the handle and is of one of
 *            the homeservers; "invite", who has a code from {@code admin handle invite}; "open", everybody with
 *            an account
 * @param homeservers the homeservers whose users may register with {@code registration: homeserver}, in every domain;
 *            by default the one that is called like the handle's domain
 * @param publicUrl the base URL of the nameserver, to which proofs are made and which the discovery document names; by
 *            default {@code signet.public-url}
 * @param reserved local parts that nobody gets, besides those that are reserved everywhere (RFC 2142, {@code admin} and the
 *            like)
 * @param maxHandles how many handles an account can have, those in quarantine included
 * @param reuse whether somebody else can get a handle after its quarantine; otherwise it is nobody's for ever
 */
@Validated
@ConfigurationProperties("signet.names")
public record NamesProperties(@DefaultValue List<String> domains, @DefaultValue("homeserver") Policy registration,
        @DefaultValue List<String> homeservers, @Nullable URI publicUrl, @DefaultValue List<String> reserved,
        @DefaultValue("5") @Min(1) @Max(10_000) int maxHandles, @DefaultValue("true") boolean reuse) {

    private static final int MAX_URL = 256;
    private static final IDNA UTS46 = IDNA.getUTS46Instance(IDNA.USE_STD3_RULES | IDNA.CHECK_BIDI | IDNA.CHECK_CONTEXTJ
            | IDNA.NONTRANSITIONAL_TO_ASCII | IDNA.NONTRANSITIONAL_TO_UNICODE);

    /** Who may register. */
    public enum Policy {
        /** Everybody with an account. */
        OPEN,
        /** Whose Matrix user is called like the handle. */
        HOMESERVER,
        /** Who has a code. */
        INVITE
    }

    @AssertTrue(message = "domains must be such as example.org: two labels or more, in lower case, as A-labels")
    boolean isDomainsUsable() {
        return domains.stream().allMatch(domain -> HandleDomain.parse(domain).isValid() && isALabels(domain));
    }

    // All of UTS #46, which a record's validity must not depend on.
    private static boolean isALabels(String domain) {
        IDNA.Info info = new IDNA.Info();
        StringBuilder ascii = UTS46.nameToASCII(domain, new StringBuilder(), info);
        return !info.hasErrors() && ascii.toString().equals(domain);
    }

    @AssertTrue(message = "homeservers must be the names of Matrix servers")
    boolean isHomeserversUsable() {
        return homeservers.stream().allMatch(name -> ServerName.parse(name).isOk());
    }

    @AssertTrue(message = "reserved must be what can stand before the @ of a handle")
    boolean isReservedUsable() {
        return reserved.stream().allMatch(name -> Handle.parse(name + "@example.org").isValid());
    }

    @AssertTrue(message = "public-url must be an absolute http or https URL of at most 256 characters, without query and fragment")
    boolean isPublicUrlUsable() {
        return publicUrl == null || (publicUrl.getHost() != null && publicUrl.getUserInfo() == null
                && List.of("http", "https").contains(publicUrl.getScheme()) && publicUrl.getQuery() == null
                && publicUrl.getFragment() == null && publicUrl.toASCIIString().length() <= MAX_URL);
    }

    /** Returns whether the handles of that domain are kept here. */
    public boolean serves(HandleDomain domain) {
        return domains.contains(domain.value());
    }
}
