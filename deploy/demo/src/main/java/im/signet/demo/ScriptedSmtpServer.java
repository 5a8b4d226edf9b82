package im.signet.demo;

import im.signet.demo.SmtpScript.Login;
import im.signet.demo.SmtpScript.Turn;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLContext;

/**
 * A mail server on loopback that fails in the ways a test asks for and records the exact bytes it was sent. Unless told
 * otherwise it accepts everything and offers neither TLS nor authentication. What the methods say holds from the next
 * stage of every conversation on, those under way too. Safe for use by several threads.
 */
public final class ScriptedSmtpServer implements AutoCloseable {
    private static final int BACKLOG = 50;

    private final SmtpScript script = new SmtpScript();
    private final List<SmtpTransaction> transactions = new CopyOnWriteArrayList<>();
    private final List<String> commands = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ServerSocket server;

    private ScriptedSmtpServer(ServerSocketFactory sockets) {
        try {
            this.server = sockets.createServerSocket(0, BACKLOG, InetAddress.ofLiteral("127.0.0.1"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(this::acceptAll);
    }

    /** Starts a server of plain SMTP on a free port. */
    public static ScriptedSmtpServer start() {
        return new ScriptedSmtpServer(ServerSocketFactory.getDefault());
    }

    /** Starts a server that speaks SMTP inside TLS from the first byte, on a free port. */
    public static ScriptedSmtpServer startTls(SSLContext tls) {
        return new ScriptedSmtpServer(tls.getServerSocketFactory());
    }

    /** Returns the port it listens on, on 127.0.0.1. */
    public int port() {
        return server.getLocalPort();
    }

    /**
     * Says {@code reply} whenever a conversation reaches {@code stage}: a line such as {@code 550 5.1.1 no such user}, or
     * several with CRLF between them. A 2xx or 3xx goes on as usual, a 421 closes the connection, anything else refuses.
     */
    public ScriptedSmtpServer answer(SmtpStage stage, String reply) {
        script.always(stage, new Turn.Say(reply));
        return this;
    }

    /** As {@link #answer}, but only the next time; called again, the time after it. Goes before what is always done. */
    public ScriptedSmtpServer answerOnce(SmtpStage stage, String reply) {
        script.once(stage, new Turn.Say(reply));
        return this;
    }

    /** Closes the connection without a word whenever a conversation reaches {@code stage}. */
    public ScriptedSmtpServer drop(SmtpStage stage) {
        script.always(stage, new Turn.Drop());
        return this;
    }

    /** As {@link #drop}, but only the next time. */
    public ScriptedSmtpServer dropOnce(SmtpStage stage) {
        script.once(stage, new Turn.Drop());
        return this;
    }

    /** Keeps the connection and says nothing whenever a conversation reaches {@code stage}, until the client leaves or this is closed. */
    public ScriptedSmtpServer hang(SmtpStage stage) {
        script.always(stage, new Turn.Hang());
        return this;
    }

    /** Closes the connection within every message, after so many bytes of it. */
    public ScriptedSmtpServer dropAfterDataBytes(int bytes) {
        script.dropAfterDataBytes(bytes);
        return this;
    }

    /** Names a further extension in the answer to EHLO, such as {@code SMTPUTF8} or {@code SIZE 1000}; nothing else changes. */
    public ScriptedSmtpServer offer(String keyword) {
        script.offer(keyword);
        return this;
    }

    /** Offers STARTTLS, and does it with {@code tls}. */
    public ScriptedSmtpServer offerStartTls(SSLContext tls) {
        script.offerStartTls(tls);
        return this;
    }

    /**
     * Takes mail only after this user name and password, by AUTH PLAIN or LOGIN. Where STARTTLS is offered, AUTH is only
     * offered inside TLS.
     */
    public ScriptedSmtpServer demandAuth(String user, String password) {
        script.demand(new Login(user, password));
        return this;
    }

    /** Forgets all that {@code answer}, {@code drop} and {@code hang} said; what is offered and demanded stays. */
    public ScriptedSmtpServer behave() {
        script.forgetFaults();
        return this;
    }

    /** Returns the messages so far for which a recipient was accepted, taken or given up, in the order in which they ended. */
    public List<SmtpTransaction> transactions() {
        return List.copyOf(transactions);
    }

    /** Returns the messages so far of which the server took charge. */
    public List<SmtpTransaction> accepted() {
        return transactions.stream().filter(SmtpTransaction::accepted).toList();
    }

    /** Returns the command lines so far of all connections in the order in which they came, each byte as one character. */
    public List<String> commands() {
        return List.copyOf(commands);
    }

    /** Returns how many connections there were so far. */
    public int connections() {
        return connections.get();
    }

    /** Stops listening, ends all connections and awaits their threads. */
    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            open.forEach(ScriptedSmtpServer::closeQuietly);
            threads.close();
        }
    }

    private void acceptAll() {
        while (!server.isClosed()) {
            try {
                begin(server.accept());
            } catch (IOException _) {
                // Closed, or a client that left at once: the loop's condition tells which.
            }
        }
    }

    private void begin(Socket socket) {
        connections.incrementAndGet();
        try {
            threads.execute(() -> converse(socket));
        } catch (RejectedExecutionException _) {
            // Closed between the accept and now: no thread will ever close this socket.
            closeQuietly(socket);
        }
    }

    private void converse(Socket socket) {
        open.add(socket);
        try (socket;
                SmtpConversation conversation = new SmtpConversation(socket, script, commands::add,
                        transactions::add)) {
            // Closed meanwhile, close() may not have seen this socket.
            if (!server.isClosed()) {
                conversation.hold();
            }
        } catch (IOException _) {
            // The client left, or its TLS failed, or this server was closed: all are ends of a conversation.
        } finally {
            open.remove(socket);
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException _) {
            // Nobody is left to be told.
        }
    }
}
