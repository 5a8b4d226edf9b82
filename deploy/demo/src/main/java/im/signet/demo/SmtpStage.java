package im.signet.demo;

/** A point in a conversation of SMTP at which a {@link ScriptedSmtpServer} can do something else than usual. */
public enum SmtpStage {
    /** The client has connected and awaits the greeting. */
    GREETING,
    /** The client said EHLO or HELO. */
    EHLO,
    /** The client asked for TLS. */
    STARTTLS,
    /** The client gave its user name and password. */
    AUTH,
    /** The client named the sender. */
    MAIL,
    /** The client named a recipient. */
    RCPT,
    /** The client asked to send the message. */
    DATA,
    /** The client sent the whole message, and awaits whether the server takes charge of it. */
    MESSAGE,
    /** The client said RSET, which forgets the sender and the recipients. */
    RSET,
    /** The client takes its leave. */
    QUIT
}
