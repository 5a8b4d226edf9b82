package im.signet.demo;

import java.util.List;
import java.util.Optional;

/**
 * One message that a client handed, or began to hand, to a {@link ScriptedSmtpServer}. All text holds what came over the
 * wire, each byte as one character (ISO 8859-1).
 *
 * @param mailCommand   the line that named the sender, {@code MAIL FROM:<...>} and its parameters
 * @param rcptCommands  the lines that named recipients which the server accepted, in order
 * @param data          what followed DATA, without the final line with the dot, dots still doubled; when the connection
 *                      broke in between, what had come
 * @param complete      whether the final line with the dot came
 * @param accepted      whether the server took charge of the message
 * @param encrypted     whether the connection was inside TLS
 * @param user          the user who had given their password; empty when none had
 */
public record SmtpTransaction(String mailCommand, List<String> rcptCommands, String data, boolean complete,
        boolean accepted,
        boolean encrypted, Optional<String> user) {
    /** Keeps a copy of the list. */
    public SmtpTransaction {
        rcptCommands = List.copyOf(rcptCommands);
    }

    /** Returns the sender's address: what stands between the angle brackets. */
    public String sender() {
        return bracketed(mailCommand);
    }

    /** Returns the recipients' addresses in order: what stands between the angle brackets. */
    public List<String> recipients() {
        return rcptCommands.stream().map(SmtpTransaction::bracketed).toList();
    }

    /** Returns the message itself: {@code data} with doubled dots undone. */
    public String message() {
        return (data.startsWith(".") ? data.substring(1) : data).replace("\r\n.", "\r\n");
    }

    private static String bracketed(String command) {
        int open = command.indexOf('<');
        int close = command.lastIndexOf('>');
        return open >= 0 && open < close ? command.substring(open + 1, close) : "";
    }
}
