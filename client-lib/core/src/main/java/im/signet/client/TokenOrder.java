package im.signet.client;

import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.ClientSecret;
import im.signet.protocol.identifier.Medium;
import im.signet.protocol.json.JsonObject;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a server is told when it shall send a validation token.
 *
 * @param address      where to
 * @param country      of a phone number, the country from which it is dialled; empty for an e-mail address
 * @param clientSecret the secret of the validation session
 * @param sendAttempt  how often a token was asked for, this time included
 */
record TokenOrder(Address address, Optional<String> country, ClientSecret clientSecret, int sendAttempt) {
    private static final Pattern COUNTRY = Pattern.compile("[A-Z]{2}");

    static TokenOrder email(Address email, ClientSecret clientSecret) {
        require(email.medium() == Medium.EMAIL, "the address is not an e-mail address");
        return new TokenOrder(email, Optional.empty(), clientSecret, 1);
    }

    static TokenOrder phone(Address phone, String country, ClientSecret clientSecret) {
        require(phone.medium() == Medium.MSISDN, "the address is not a phone number");
        require(COUNTRY.matcher(country).matches(), "a country has two upper-case letters");
        return new TokenOrder(phone, Optional.of(country), clientSecret, 1);
    }

    /** Returns the order that was stored with these members; empty when they are none. */
    static Optional<TokenOrder> restored(JsonObject stored, int sendAttempt) {
        Optional<Address> address = AssociationCheck.address(stored).toOptional();
        Optional<ClientSecret> secret = stored.string("client_secret")
                .flatMap(text -> ClientSecret.parse(text).toOptional());
        Optional<String> country = stored.string("country").filter(text -> COUNTRY.matcher(text).matches());
        boolean fits = address.filter(a -> (a.medium() == Medium.MSISDN) == country.isPresent()).isPresent();
        return fits && secret.isPresent()
                ? Optional.of(new TokenOrder(address.get(), country, secret.get(), sendAttempt))
                : Optional.empty();
    }

    TokenOrder again() {
        return new TokenOrder(address, country, clientSecret, sendAttempt + 1);
    }

    JsonObject body() {
        JsonObject.Builder body = JsonObject.builder().put("client_secret", clientSecret.value());
        if (country.isPresent()) {
            // With its '+' the number means the same from wherever it is dialled.
            body.put("country", country.get()).put("phone_number", "+" + address.value());
        } else {
            body.put("email", address.value());
        }
        return body.put("send_attempt", sendAttempt).build();
    }

    @Override
    public String toString() {
        return "TokenOrder[" + address + ", " + sendAttempt + "]";
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
