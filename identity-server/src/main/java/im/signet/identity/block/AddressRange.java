package im.signet.identity.block;

import im.signet.protocol.Parsed;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.Medium;

import java.util.ArrayList;
import java.util.List;

/**
 * Addresses that have something in common: a mail domain ({@code example.org}), all domains below one ({@code *.example.org}),
 * or how phone numbers begin ({@code +4490}).
 *
 * @param pattern as it is written and stored
 */
public record AddressRange(String pattern) {

    private static final String ALL_BELOW = "*.";
    // Of the specification's greatest number, and not all of it: whole numbers are addresses.
    private static final int MAX_DIGITS = 14;

    /** Returns the domain, or all below it, that the text is; in the form that addresses have it. */
    public static Parsed<AddressRange> domain(String text) {
        boolean below = text.startsWith(ALL_BELOW);
        String name = below ? text.substring(ALL_BELOW.length()) : text;
        return switch (Address.parse(Medium.EMAIL, "x@" + name)) {
            case Parsed.Ok<Address>(Address address) -> {
                String domain = domainOf(address);
                yield domain.contains(".")
                        ? Parsed.ok(new AddressRange((below ? ALL_BELOW : "") + domain))
                        : Parsed.refused("a mail domain such as example.org has two parts at least");
            }
            case Parsed.Refused<Address> _ ->
                Parsed.refused("that is no mail domain such as example.org or *.example.org");
        };
    }

    /** Returns what phone numbers begin with. */
    public static Parsed<AddressRange> prefix(String text) {
        String digits = text.startsWith("+") ? text.substring(1) : "";
        boolean isPrefix = !digits.isEmpty() && digits.length() <= MAX_DIGITS
                && digits.chars().allMatch(c -> c >= '0' && c <= '9') && digits.charAt(0) != '0';
        return isPrefix
                ? Parsed.ok(new AddressRange("+" + digits))
                : Parsed.refused("phone numbers begin like +4490: a plus and 1 to 14 digits, country code first");
    }

    /** Returns every range that the address is in. */
    static List<String> around(Address address) {
        List<String> around = new ArrayList<>();
        switch (address.medium()) {
            case EMAIL -> {
                String domain = domainOf(address);
                around.add(domain);
                for (int dot = domain.indexOf('.'); dot >= 0; dot = domain.indexOf('.', dot + 1)) {
                    around.add("*" + domain.substring(dot));
                }
            }
            case MSISDN -> {
                for (int digits = 1; digits <= Math.min(MAX_DIGITS, address.value().length()); digits++) {
                    around.add("+" + address.value().substring(0, digits));
                }
            }
        }
        return around;
    }

    /** Returns whether the address is in it. */
    public boolean contains(Address address) {
        return around(address).contains(pattern);
    }

    private static String domainOf(Address address) {
        return address.value().substring(address.value().lastIndexOf('@') + 1);
    }
}
