package im.signet.demo;

import im.signet.demo.SmtpScript.Login;
import im.signet.demo.SmtpScript.Turn;
import im.signet.protocol.signature.UnpaddedBase64;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

import org.jspecify.annotations.Nullable;

/**
 * One connection to a {@link ScriptedSmtpServer}. Used by one thread; closing the socket from outside ends it. See
 * <a href="https://www.rfc-editor.org/rfc/rfc5321">RFC 5321</a>, <a href="https://www.rfc-editor.org/rfc/rfc3207">3207</a>
 * (STARTTLS) and <a href="https://www.rfc-editor.org/rfc/rfc4954">4954</a> (AUTH).
 */
final class SmtpConversation implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 120_000;
    private static final int MAX_LINE_BYTES = 8192;
    private static final int MAX_DATA_BYTES = 16 * 1024 * 1024;
    private static final String OK = "250 2.0.0 OK";

    private final SmtpScript script;
    private final Consumer<String> commands;
    private final Consumer<SmtpTransaction> transactions;
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();
    private final List<String> recipients = new ArrayList<>();
    private Socket socket;
    private InputStream in;
    private boolean encrypted;
    private @Nullable String sender;
    private @Nullable String user;
    private boolean over;

    SmtpConversation(Socket socket, SmtpScript script, Consumer<String> commands,
            Consumer<SmtpTransaction> transactions)
            throws IOException {
        socket.setSoTimeout(PATIENCE_MILLIS);
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
        this.encrypted = socket instanceof SSLSocket;
        this.script = script;
        this.commands = commands;
        this.transactions = transactions;
    }

    /** Speaks with the client until one of both ends it. */
    void hold() throws IOException {
        try {
            if (!reply(SmtpStage.GREETING, "220 localhost ESMTP scripted")) {
                return;
            }
            while (!over) {
                String line = readLine();
                commands.accept(line);
                obey(line);
            }
        } finally {
            giveUpMessage();
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private void obey(String line) throws IOException {
        int blank = line.indexOf(' ');
        switch ((blank < 0 ? line : line.substring(0, blank)).toUpperCase(Locale.ROOT)) {
            case "EHLO" -> hello(extensions());
            case "HELO" -> hello("250 localhost");
            case "STARTTLS" -> startTls();
            case "AUTH" -> authenticate(line);
            case "MAIL" -> mail(line);
            case "RCPT" -> rcpt(line);
            case "DATA" -> data();
            case "RSET" -> reset();
            case "NOOP" -> say(OK);
            case "QUIT" -> {
                reply(SmtpStage.QUIT, "221 2.0.0 bye");
                over = true;
            }
            default -> say("502 5.5.1 not implemented");
        }
    }

    private void hello(String usual) throws IOException {
        giveUpMessage();
        reply(SmtpStage.EHLO, usual);
    }

    private String extensions() {
        List<String> lines = new ArrayList<>(List.of("localhost", "8BITMIME", "ENHANCEDSTATUSCODES"));
        boolean tlsFirst = !encrypted && script.startTls().isPresent();
        if (tlsFirst) {
            lines.add("STARTTLS");
        }
        if (!tlsFirst && script.login().isPresent()) {
            lines.add("AUTH PLAIN LOGIN");
        }
        lines.addAll(script.keywords());
        StringBuilder reply = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            boolean last = i == lines.size() - 1;
            reply.append("250").append(last ? ' ' : '-').append(lines.get(i)).append(last ? "" : "\r\n");
        }
        return reply.toString();
    }

    private void startTls() throws IOException {
        Optional<SSLContext> tls = script.startTls();
        if (encrypted || tls.isEmpty()) {
            say("502 5.5.1 no STARTTLS here");
            return;
        }
        if (reply(SmtpStage.STARTTLS, "220 2.0.0 go ahead")) {
            SSLSocket inside = (SSLSocket) tls.get()
                    .getSocketFactory()
                    .createSocket(socket, socket.getInetAddress().getHostAddress(), socket.getPort(), true);
            inside.setUseClientMode(false);
            inside.startHandshake();
            // A new buffer: commands sent ahead in plain text must not count as sent inside TLS.
            in = new BufferedInputStream(inside.getInputStream());
            socket = inside;
            giveUpMessage();
            encrypted = true;
            user = null;
        }
    }

    private void authenticate(String line) throws IOException {
        Optional<Login> login = script.login();
        if (login.isEmpty() || (!encrypted && script.startTls().isPresent())) {
            say("502 5.5.1 no AUTH here");
            return;
        }
        String[] words = line.split(" ", 3);
        String mechanism = words.length > 1 ? words[1].toUpperCase(Locale.ROOT) : "";
        Optional<String> initial = words.length > 2 ? Optional.of(words[2]) : Optional.empty();
        Optional<Login> given = switch (mechanism) {
            case "PLAIN" -> plain(initial.isPresent() ? initial.get() : ask(""));
            case "LOGIN" -> Optional.of(new Login(decoded(initial.isPresent() ? initial.get() : ask("Username:")),
                    decoded(ask("Password:"))));
            default -> Optional.empty();
        };
        boolean right = given.isPresent() && same(given.get().user(), login.get().user())
                && same(given.get().password(), login.get().password());
        if (!right) {
            say("535 5.7.8 wrong user name or password");
        } else if (reply(SmtpStage.AUTH, "235 2.7.0 welcome")) {
            user = login.get().user();
        }
    }

    private String ask(String prompt) throws IOException {
        say("334 " + UnpaddedBase64.encode(prompt.getBytes(StandardCharsets.UTF_8)));
        String line = readLine();
        commands.accept(line);
        return line;
    }

    private static Optional<Login> plain(String response) {
        String[] parts = decoded(response).split("\0", -1);
        return parts.length == 3 ? Optional.of(new Login(parts[1], parts[2])) : Optional.empty();
    }

    private static String decoded(String base64) {
        return UnpaddedBase64.decode(base64)
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .toOptional()
                .orElse("");
    }

    private static boolean same(String given, String expected) {
        return MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), expected.getBytes(StandardCharsets.UTF_8));
    }

    private void mail(String line) throws IOException {
        if (script.login().isPresent() && user == null) {
            say("530 5.7.0 authentication required");
        } else if (sender != null) {
            say("503 5.5.1 the sender was named already");
        } else if (reply(SmtpStage.MAIL, OK)) {
            sender = line;
        }
    }

    private void rcpt(String line) throws IOException {
        if (sender == null) {
            say("503 5.5.1 name the sender first");
        } else if (reply(SmtpStage.RCPT, OK)) {
            recipients.add(line);
        }
    }

    private void reset() throws IOException {
        if (reply(SmtpStage.RSET, OK)) {
            giveUpMessage();
        }
    }

    private void data() throws IOException {
        if (recipients.isEmpty()) {
            say("503 5.5.1 name a recipient first");
            return;
        }
        if (!reply(SmtpStage.DATA, "354 go on, end with a dot") || !readData()) {
            return;
        }
        Turn turn = script.next(SmtpStage.MESSAGE).orElseGet(() -> new Turn.Say(OK));
        // Recorded before the reply, so that a client which has its answer finds the message here.
        endMessage(true, turn instanceof Turn.Say(String reply) && isPositive(reply));
        take(turn);
    }

    /** Reads what follows DATA; false when the connection is to be dropped within it. */
    private boolean readData() throws IOException {
        OptionalInt limit = script.dropAfterDataBytes();
        String end = "\r\n.\r\n";
        // The end of the command's own line counts as the one before the first of the message.
        int matched = 2;
        while (matched < end.length()) {
            if (limit.isPresent() && data.size() >= limit.getAsInt()) {
                over = true;
                return false;
            }
            int next = in.read();
            if (next < 0 || data.size() > MAX_DATA_BYTES) {
                throw new EOFException("the message did not end");
            }
            data.write(next);
            if (next == end.charAt(matched)) {
                matched++;
            } else {
                matched = next == '\r' ? 1 : 0;
            }
        }
        return true;
    }

    /** Records a message that was begun and not ended, and forgets its sender: the client took it back or is gone. */
    private void giveUpMessage() {
        if (!recipients.isEmpty()) {
            endMessage(false, false);
        }
        sender = null;
    }

    private void endMessage(boolean complete, boolean accepted) {
        String text = data.toString(StandardCharsets.ISO_8859_1);
        String content = complete ? text.substring(0, text.length() - ".\r\n".length()) : text;
        transactions.accept(
                new SmtpTransaction(Optional.ofNullable(sender).orElse(""), recipients, content, complete, accepted,
                        encrypted, Optional.ofNullable(user)));
        sender = null;
        recipients.clear();
        data.reset();
    }

    /** Does what the script has for this stage, or says the usual; returns whether the conversation goes on as usual. */
    private boolean reply(SmtpStage stage, String usual) throws IOException {
        return take(script.next(stage).orElseGet(() -> new Turn.Say(usual)));
    }

    private boolean take(Turn turn) throws IOException {
        return switch (turn) {
            case Turn.Say(String reply) -> {
                say(reply);
                over |= reply.startsWith("421");
                yield isPositive(reply);
            }
            case Turn.Drop() -> {
                over = true;
                yield false;
            }
            case Turn.Hang() -> {
                // Until the client leaves, our patience ends, or the server is closed.
                in.transferTo(OutputStream.nullOutputStream());
                over = true;
                yield false;
            }
        };
    }

    private static boolean isPositive(String reply) {
        return reply.startsWith("2") || reply.startsWith("3");
    }

    private void say(String reply) throws IOException {
        socket.getOutputStream().write((reply + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    /** Returns the next line without its CRLF; a lone CR or LF is part of the line, as it ends none. */
    private String readLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int previous = 0;
        while (true) {
            int next = in.read();
            if (next < 0 || line.size() > MAX_LINE_BYTES) {
                throw new EOFException("the line did not end");
            }
            if (previous == '\r' && next == '\n') {
                String text = line.toString(StandardCharsets.ISO_8859_1);
                return text.substring(0, text.length() - 1);
            }
            line.write(next);
            previous = next;
        }
    }
}
