package im.signet.names.handle;

import im.signet.protocol.identifier.UserId;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.function.BiConsumer;

import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What happens to handles when time goes by, and when their owners leave. Each handle is seen to in a transaction of its own. */
@Component
public final class HandleLife {

    private static final int AT_ONCE = 500;
    private static final Instant FOREVER = Instant.parse("9999-12-31T00:00:00Z");

    private final Handles handles;
    private final TransactionTemplate together;
    private final Clock clock;

    HandleLife(Handles handles, PlatformTransactionManager transactions, Clock clock) {
        this.handles = handles;
        this.together = new TransactionTemplate(transactions);
        this.clock = clock;
    }

    /** Puts those that have lapsed for long enough into quarantine, forgets quarantines that are over, renews folds. */
    public void goOn() {
        handles.refold();
        Instant lapsedBefore = clock.instant().minus(RegisteredHandle.LAPSED);
        List<RegisteredHandle> over = handles.endedBefore(lapsedBefore, AT_ONCE);
        over.forEach(handle -> settled(handle, FOREVER, (_, _) -> {}));
        handles.forgetQuarantines(clock.instant());
    }

    /** Returns the handles of an account. */
    public List<RegisteredHandle> of(UserId account) {
        return handles.of(account, FOREVER);
    }

    /** Keeps the handles from resolving to which an account agreed last before that instant. */
    public void withdraw(UserId account, Instant before) {
        for (RegisteredHandle handle : handles.of(account, before)) {
            settled(handle, before, (current, _) -> handles.withdraw(current));
        }
    }

    /** Gives the handles up to which an account agreed last before that instant, and forgets whose they were. */
    public void erase(UserId account, Instant before) {
        for (RegisteredHandle handle : handles.of(account, before)) {
            settled(handle, before, handles::erase);
        }
        // Those that had been given up, or had lapsed, before.
        together.executeWithoutResult(_ -> handles.forgetAccount(account, before));
    }

    private void settled(RegisteredHandle handle, Instant agreedBefore, BiConsumer<RegisteredHandle, Instant> then) {
        together.executeWithoutResult(_ -> {
            handles.lock(handle.handle());
            Instant now = clock.instant();
            handles.findSettled(handle.handle(), now)
                    .filter(current -> current.id().equals(handle.id())
                            && current.agreedAt().isBefore(agreedBefore))
                    .ifPresent(current -> then.accept(current, now));
        });
    }
}
