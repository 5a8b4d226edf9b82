package im.signet.demo;

import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.Set;
import javax.net.ssl.SSLContext;

import org.jspecify.annotations.Nullable;

/** What a {@link ScriptedSmtpServer} is to do; every connection asks it anew at every stage. Safe for use by several threads. */
final class SmtpScript {
    /** What happens at a stage. */
    sealed interface Turn {
        /** The server says this; by its first digit it goes on as usual, or refuses. */
        record Say(String reply) implements Turn {}

        /** The server closes the connection without a word. */
        record Drop() implements Turn {}

        /** The server says nothing and keeps the connection. */
        record Hang() implements Turn {}
    }

    /** The user name and password that the server demands. */
    record Login(String user, String password) {}

    private final Map<SmtpStage, Queue<Turn>> once = new EnumMap<>(SmtpStage.class);
    private final Map<SmtpStage, Turn> always = new EnumMap<>(SmtpStage.class);
    private final Set<String> keywords = new LinkedHashSet<>();
    private @Nullable SSLContext startTls;
    private @Nullable Login login;
    private int dropAfterDataBytes = -1;

    synchronized void always(SmtpStage stage, Turn turn) {
        always.put(stage, turn);
    }

    synchronized void once(SmtpStage stage, Turn turn) {
        once.computeIfAbsent(stage, _ -> new ArrayDeque<>()).add(turn);
    }

    /** Returns what happens at this stage this time; empty when it is the usual. */
    synchronized Optional<Turn> next(SmtpStage stage) {
        Queue<Turn> turns = once.get(stage);
        return turns != null && !turns.isEmpty()
                ? Optional.of(turns.remove())
                : Optional.ofNullable(always.get(stage));
    }

    synchronized void dropAfterDataBytes(int bytes) {
        dropAfterDataBytes = bytes;
    }

    synchronized OptionalInt dropAfterDataBytes() {
        return dropAfterDataBytes < 0 ? OptionalInt.empty() : OptionalInt.of(dropAfterDataBytes);
    }

    synchronized void offer(String keyword) {
        keywords.add(keyword);
    }

    synchronized Set<String> keywords() {
        return new LinkedHashSet<>(keywords);
    }

    synchronized void offerStartTls(SSLContext tls) {
        startTls = tls;
    }

    synchronized Optional<SSLContext> startTls() {
        return Optional.ofNullable(startTls);
    }

    synchronized void demand(Login credentials) {
        login = credentials;
    }

    synchronized Optional<Login> login() {
        return Optional.ofNullable(login);
    }

    synchronized void forgetFaults() {
        once.clear();
        always.clear();
        dropAfterDataBytes = -1;
    }
}
