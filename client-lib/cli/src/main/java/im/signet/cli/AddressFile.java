package im.signet.cli;

import im.signet.client.contact.AddressBook;
import im.signet.protocol.Parsed;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.Medium;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.github.mangstadt.vinnie.VObjectProperty;
import com.github.mangstadt.vinnie.io.Context;
import com.github.mangstadt.vinnie.io.SyntaxRules;
import com.github.mangstadt.vinnie.io.VObjectDataAdapter;
import com.github.mangstadt.vinnie.io.VObjectPropertyValues;
import com.github.mangstadt.vinnie.io.VObjectReader;

/** Reads people's addresses from a file: vCards (RFC 6350), or lines such as {@code Bob <bob@example.org>}. */
final class AddressFile {

    private static final Pattern NAMED = Pattern.compile("(.*?)\\s*<([^<>]+)>");

    /**
     * What a file holds.
     *
     * @param entries the addresses that can be looked up
     * @param skipped how many cannot, such as phone numbers without a country code
     */
    record Content(List<AddressBook.Entry> entries, int skipped) {}

    private AddressFile() {}

    static Content read(String text) {
        return text.stripLeading().regionMatches(true, 0, "BEGIN:VCARD", 0, 11) ? cards(text) : lines(text);
    }

    private static Content cards(String text) {
        Cards cards = new Cards();
        try (VObjectReader reader = new VObjectReader(new StringReader(text), SyntaxRules.vcard())) {
            reader.parse(cards);
        } catch (IOException e) {
            throw new UncheckedIOException("text in memory", e);
        }
        cards.endOfCard();
        return new Content(cards.entries, cards.skipped);
    }

    /** Collects what a card says of addresses, under the name that may stand behind them. */
    private static final class Cards extends VObjectDataAdapter {

        private final List<AddressBook.Entry> entries = new ArrayList<>();
        private int skipped;
        private String name = "";
        private final List<String> typed = new ArrayList<>();

        @Override
        public void onComponentBegin(String component, Context context) {
            endOfCard();
        }

        @Override
        public void onComponentEnd(String component, Context context) {
            endOfCard();
        }

        @Override
        public void onProperty(VObjectProperty property, Context context) {
            String value = VObjectPropertyValues.unescape(property.getValue()).strip();
            switch (property.getName().toUpperCase(Locale.ROOT)) {
                case "FN" -> name = value;
                case "EMAIL" -> typed.add(withoutScheme(value, "mailto:"));
                case "TEL" -> typed.add(withoutScheme(value, "tel:"));
                default -> {
                    // Of no use for looking somebody up.
                }
            }
        }

        void endOfCard() {
            typed.stream()
                    .filter(address -> !address.isEmpty())
                    .forEach(address -> skipped += add(name, address, entries));
            typed.clear();
            name = "";
        }

        /** RFC 3966 and RFC 6068: what stands before is the scheme, what stands behind are parameters. */
        private static String withoutScheme(String value, String scheme) {
            return value.regionMatches(true, 0, scheme, 0, scheme.length())
                    ? value.substring(scheme.length()).replaceFirst("[;?].*", "")
                    : value;
        }
    }

    private static Content lines(String text) {
        List<AddressBook.Entry> entries = new ArrayList<>();
        int skipped = 0;
        for (String line : text.lines().map(String::strip).filter(l -> !l.isEmpty() && !l.startsWith("#")).toList()) {
            Matcher named = NAMED.matcher(line);
            skipped += named.matches() ? add(named.group(1), named.group(2), entries) : add("", line, entries);
        }
        return new Content(entries, skipped);
    }

    /** Adds an address; returns 1 when it is none. A phone number without its country code could be anybody's. */
    private static int add(String name, String typed, List<AddressBook.Entry> entries) {
        boolean mail = typed.contains("@");
        String digits = typed.replaceAll("[\\s()./-]", "");
        if (!mail && !digits.startsWith("+")) {
            return 1;
        }
        Parsed<Address> address = mail
                ? Address.parse(Medium.EMAIL, typed.strip())
                : Address.parse(Medium.MSISDN, digits.substring(1));
        if (!(address instanceof Parsed.Ok<Address>(Address value))) {
            return 1;
        }
        String label = name.isBlank() ? value.value() : Shown.line(name.strip());
        entries.add(new AddressBook.Entry(label.length() > 500 ? label.substring(0, 500) : label, value));
        return 0;
    }
}
