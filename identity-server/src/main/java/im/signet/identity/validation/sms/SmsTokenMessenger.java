package im.signet.identity.validation.sms;

import im.signet.identity.validation.TokenMessenger;
import im.signet.identity.validation.ValidationTemplates;
import im.signet.kit.holding.ConfirmationLink;
import im.signet.kit.outbox.Outbox;
import im.signet.kit.page.Audience;
import im.signet.kit.page.Templates;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.Medium;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.JsonObject;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;

/** Writes the SMS with the code and puts it into the outbox, from which {@link HttpSmsCourier} sends it. */
final class SmsTokenMessenger implements TokenMessenger {

    private static final PhoneNumberUtil NUMBERS = PhoneNumberUtil.getInstance();
    // A user ID may have 255 characters, which would make three SMS of one.
    private static final int MAX_ASKER = 64;

    private final Outbox outbox;
    private final Templates templates;
    private final SmsProperties settings;

    SmsTokenMessenger(Outbox outbox, Templates templates, SmsProperties settings) {
        this.outbox = outbox;
        this.templates = templates;
        this.settings = settings;
    }

    @Override
    public Medium medium() {
        return Medium.MSISDN;
    }

    @Override
    public boolean isSetUp() {
        return settings.url() != null;
    }

    @Override
    public boolean canSend(Address to) {
        return isSetUp() && !outbox.holds(HttpSmsCourier.CHANNEL, settings.maxQueued());
    }

    /** Returns whether the number is of a country on the operator's list, and of a kind that people have as their own. */
    @Override
    public boolean reaches(Address to) {
        PhoneNumber number;
        try {
            number = NUMBERS.parse("+" + to.value(), null);
        } catch (NumberParseException notANumber) {
            return false;
        }
        boolean ownable = switch (NUMBERS.getNumberType(number)) {
            case MOBILE, FIXED_LINE, FIXED_LINE_OR_MOBILE, VOIP, UNKNOWN -> true;
            // The sender, or whoever is called back, pays for these.
            case PREMIUM_RATE, SHARED_COST, PERSONAL_NUMBER, PAGER, TOLL_FREE, UAN, VOICEMAIL -> false;
        };
        return ownable && countryOf(number).filter(settings.countries()::contains).isPresent();
    }

    // A number of no known range counts as one of the greatest country that has its code, as +44 is of GB; but +1 are two
    // dozen countries, some of them dear.
    private static Optional<String> countryOf(PhoneNumber number) {
        String country = NUMBERS.getRegionCodeForNumber(number);
        if (country != null) {
            return Optional.of(country);
        }
        return Optional.of(NUMBERS.getRegionCodeForCountryCode(number.getCountryCode()))
                .filter(greatest -> !NUMBERS.isNANPACountry(greatest));
    }

    @Override
    public Optional<Duration> codeLifetime() {
        return Optional.of(settings.codeLifetime());
    }

    @Override
    public void send(Address to, UserId asker, String token, String link, Audience audience, Instant expiresAt) {
        String text = templates.sms(ValidationTemplates.SMS, audience,
                Map.of("code", token, "asker", shortened(asker.value())));
        put(to, text, expiresAt);
    }

    @Override
    public void sendConfirmation(Address to, UserId user, ConfirmationLink link, Instant expiresAt) {
        put(to, templates.sms(ValidationTemplates.LEAVING_SMS, link.audience(),
                ValidationTemplates.leaving(shortened(user.value()), link)), expiresAt);
    }

    private void put(Address to, String text, Instant expiresAt) {
        outbox.put(HttpSmsCourier.CHANNEL,
                JsonObject.builder().put("to", to.value()).put("text", text).build(), expiresAt);
    }

    private static String shortened(String asker) {
        int half = (MAX_ASKER - 3) / 2;
        return asker.length() <= MAX_ASKER
                ? asker
                : asker.substring(0, half) + "..." + asker.substring(asker.length() - half);
    }
}
