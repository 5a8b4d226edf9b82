package im.signet.bench.faults;

import im.signet.protocol.handle.Identity;
import im.signet.protocol.handle.JwsSigner;
import im.signet.protocol.handle.SignedBinding;
import im.signet.protocol.identifier.UserId;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/** A user as their own client sees them. What it cannot know any more, as an answer was lost, it leaves alone for ever. */
final class Person {

    final UserId user;
    final List<Mailbox> mailboxes = new ArrayList<>();
    @Nullable
    String token;
    boolean accepted;
    boolean over;
    /** ERASE or WITHDRAW, once they want to leave. */
    @Nullable
    Op ending;
    /** Whether a mail to confirm it was asked for, which may still be on its way. */
    boolean confirming;
    /** Whether such a mail is of a login that was ended: its link is dead, and nobody can tell it from that of the next. */
    boolean hasDeadLink;
    boolean hadHandle;
    @Nullable
    OwnHandle handle;
    int steps;

    Person(UserId user) {
        this.user = user;
    }

    /** An address of theirs. */
    static final class Mailbox {

        final String address;
        final String secret;
        Stage stage = Stage.NEW;
        int attempt;
        // An attempt whose answer was lost may still be under way, and be done after what follows.
        boolean unsettled;
        String sid = "";

        Mailbox(String address, String secret) {
            this.address = address;
            this.secret = secret;
        }
    }

    /** How far an address has come. */
    enum Stage {
        NEW, ASKED, PROVEN, BOUND, UNBOUND, UNSURE
    }

    /**
     * A handle of theirs.
     *
     * @param name     the handle
     * @param phone    the key of their device
     * @param recovery the key of their paper
     * @param identity the chain
     * @param binding  the newest binding
     */
    record OwnHandle(String name, JwsSigner phone, JwsSigner recovery, Identity identity, SignedBinding binding) {}

    /** Returns the token; only for whom has one. */
    String tokenOrEmpty() {
        String known = token;
        return known == null ? "" : known;
    }
}
