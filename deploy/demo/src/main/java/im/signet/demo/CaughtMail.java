package im.signet.demo;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import jakarta.mail.BodyPart;
import jakarta.mail.Header;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;

/**
 * A mail as the {@link MailCatcher} took it in.
 *
 * @param returnPath  the sender of the envelope
 * @param recipients  the recipients of the envelope, in alphabetical order; the mail's own {@code To} may differ
 * @param from        the address of its {@code From}, without the display name; empty when it has none
 * @param subject     its subject, decoded; empty when it has none
 * @param text        its first part of plain text, decoded; empty when it has none
 * @param html        its first part of HTML, decoded; empty when it has none
 * @param headers     its header fields in order, not decoded
 * @param raw         the whole mail as it was sent, each byte as one character (ISO 8859-1)
 */
public record CaughtMail(String returnPath, List<String> recipients, String from, String subject, String text,
        String html,
        List<Field> headers, String raw) {
    private static final Pattern LINK = Pattern.compile("https?://[^\\s<>\"]+");
    private static final Pattern HREF = Pattern.compile("href\\s*=\\s*[\"'](https?://[^\"']+)[\"']",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern TRAILING = Pattern.compile("[.,;:!?)\\]]+$");
    /** What GreenMail puts in front of every mail. */
    private static final int TRACE_LINES = 2;

    /** One field of the header of a mail, as it was sent. */
    public record Field(String name, String value) {}

    /** Keeps copies of the lists. */
    public CaughtMail {
        recipients = List.copyOf(recipients);
        headers = List.copyOf(headers);
    }

    /** Returns the first header field of that name, in whatever case, not decoded. */
    public Optional<String> header(String name) {
        return headers.stream().filter(field -> field.name().equalsIgnoreCase(name)).map(Field::value).findFirst();
    }

    /** Returns the web addresses in the plain text, in order; where there is no plain text, those the HTML links to. */
    public List<URI> links() {
        Stream<String> found = text.isEmpty()
                ? HREF.matcher(html).results().map(match -> match.group(1).replace("&amp;", "&"))
                : LINK.matcher(text)
                        .results()
                        .map(MatchResult::group)
                        .map(link -> TRAILING.matcher(link).replaceFirst(""));
        return found.flatMap(CaughtMail::uri).toList();
    }

    static CaughtMail of(String returnPath, List<String> recipients, MimeMessage message)
            throws MessagingException, IOException {
        List<Field> headers = new ArrayList<>();
        for (Header header : Collections.list(message.getAllHeaders())) {
            headers.add(new Field(header.getName(), header.getValue()));
        }
        ByteArrayOutputStream raw = new ByteArrayOutputStream();
        message.writeTo(raw);
        return new CaughtMail(returnPath, recipients.stream().sorted().toList(), firstFrom(message),
                Optional.ofNullable(message.getSubject()).orElse(""), firstOf("text/plain", message).orElse(""),
                firstOf("text/html", message).orElse(""), headers.subList(TRACE_LINES, headers.size()),
                withoutTrace(raw.toString(StandardCharsets.ISO_8859_1)));
    }

    private static String firstFrom(MimeMessage message) throws MessagingException {
        return Optional.ofNullable(message.getFrom())
                .flatMap(all -> Arrays.stream(all).findFirst())
                .map(first -> first instanceof InternetAddress address ? address.getAddress() : first.toString())
                .orElse("");
    }

    private static Optional<String> firstOf(String mimeType, Part part) throws MessagingException, IOException {
        if (part.isMimeType(mimeType)) {
            return Optional.of(String.valueOf(part.getContent()));
        }
        if (part.getContentType().toLowerCase(Locale.ROOT).startsWith("multipart/")
                && part.getContent() instanceof Multipart parts) {
            for (int i = 0; i < parts.getCount(); i++) {
                BodyPart inner = parts.getBodyPart(i);
                Optional<String> found = firstOf(mimeType, inner);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    private static String withoutTrace(String raw) {
        int start = 0;
        for (int line = 0; line < TRACE_LINES; line++) {
            start = raw.indexOf("\r\n", start) + 2;
        }
        return raw.substring(start);
    }

    private static Stream<URI> uri(String text) {
        try {
            return Stream.of(new URI(text));
        } catch (URISyntaxException _) {
            return Stream.empty();
        }
    }
}
