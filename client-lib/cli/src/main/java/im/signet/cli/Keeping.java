package im.signet.cli;

import im.signet.client.ChainReading;
import im.signet.client.Failure;
import im.signet.client.NameserverReading;
import im.signet.client.OperationUpdate;
import im.signet.client.OwnHandles;
import im.signet.client.Purpose;
import im.signet.client.handle.Nameserver;
import im.signet.client.handle.NextOperation;
import im.signet.client.handle.OwnIdentity;
import im.signet.client.handle.RecoveryKey;
import im.signet.protocol.handle.HandleDomain;
import im.signet.protocol.handle.Verdict;

import java.util.Set;

/** The user's identity at a nameserver: brought up to date, and changed there. What is published is stored at once. */
final class Keeping {

    private final App app;
    /** How a restored nameserver refuses what this device shows: it is not the first one, or none at all. */
    private static final Set<String> MAY_NOT_SHOW = Set.of("NOT_SENIOR", "UNKNOWN_SIGNER", "NO_AUTHORITY");

    private final OwnHandles handles;

    private Keeping(App app, OwnHandles handles) {
        this.app = app;
        this.handles = handles;
    }

    /** Returns the way to keep the user's handles in a domain, to which the user agrees. */
    static Keeping at(HandleDomain domain, App app) {
        return at(domain, app, false);
    }

    /** As {@link #at(HandleDomain, App)}, for throwing devices out and giving up: nobody has to accept anything for that. */
    static Keeping toLeaveAt(HandleDomain domain, App app) {
        return at(domain, app, true);
    }

    private static Keeping at(HandleDomain domain, App app, boolean leaving) {
        Nameserver nameserver = switch (app.directory().nameserver(domain)) {
            case NameserverReading.Read(Nameserver read) -> read;
            case NameserverReading.None _ -> throw new Ended(Exit.NO, domain + " has no handles.");
            case Failure failure -> throw new Ended(Words.of(failure));
        };
        App.Agreed<Purpose.KeepHandle> agreed = app.agreed(Purpose.keepHandle(nameserver.url()), leaving);
        if (!agreed.session().mayHaveToken(nameserver.url())) {
            throw new Ended(Exit.FIRST, "The nameserver " + nameserver.url()
                    + " stands apart from your identity server, "
                    + "and would be given your session there. If one operator runs both: signet login --trust-nameserver "
                    + nameserver.url());
        }
        return new Keeping(app, agreed.session().ownHandles(agreed.consent(), nameserver));
    }

    OwnHandles handles() {
        return handles;
    }

    /** Returns the identity with what other devices did since; what contradicts it ends the command as an alarm. */
    OwnIdentity refreshed(OwnIdentity own) {
        return switch (handles.refresh(own)) {
            case ChainReading.Current(OwnIdentity now, var news) -> {
                if (!news.isEmpty()) {
                    app.put(now);
                    app.tell(news.size() == 1
                            ? "Another device of yours has changed the identity since."
                            : "Other devices of yours have changed the identity " + news.size() + " times since.");
                }
                if (now.isRevoked()) {
                    throw new Ended(Exit.ALARM,
                            "This device has been revoked: it does not speak for your identity any more.");
                }
                yield now;
            }
            case ChainReading.NotKept _ -> own;
            case ChainReading.Forked _ -> throw forked();
            case ChainReading.WentBack _ -> throw wentBack();
            case Failure failure -> throw new Ended(Words.of(failure));
        };
    }

    /** Publishes an operation, and stores the identity as it is then; the identity need not be known at the nameserver. */
    OwnIdentity publish(Verdict<NextOperation> next) {
        return after(handles.publish(valid(next)));
    }

    private OwnIdentity after(OperationUpdate update) {
        return switch (update) {
            case OperationUpdate.Published(OwnIdentity now) -> stored(now);
            case OperationUpdate.NotKept(OwnIdentity now) -> stored(now);
            case OperationUpdate.Overtaken(OwnIdentity now, var _) -> {
                // A device that was never listed has nothing to keep: its key has no part in the identity.
                if (!now.identity().hasListed(now.device())) {
                    throw new Ended(Exit.NOT_NOW,
                            "The identity has changed meanwhile: begin again, with a new offer where it takes one.");
                }
                app.put(now);
                throw new Ended(Exit.NOT_NOW,
                        "Another device of yours was faster; look at signet id show, and try again.");
            }
            case OperationUpdate.Forked _ -> throw forked();
            case OperationUpdate.WentBack _ -> throw wentBack();
            case Failure failure -> throw new Ended(Words.of(failure));
        };
    }

    /**
     * As {@link #publish(Verdict)}, of what a recovery key signed. A nameserver that was restored from a backup wants the
     * identity shown first, by that key where this device may not.
     */
    OwnIdentity publish(Verdict<NextOperation> next, RecoveryKey key) {
        NextOperation operation = valid(next);
        OperationUpdate update = handles.publish(operation);
        if (update instanceof Failure.Refused refused && MAY_NOT_SHOW.contains(refused.errcode())) {
            handles.show(operation.before(), key).ifPresent(failure -> {
                throw new Ended(Words.of(failure));
            });
            update = handles.publish(operation);
        }
        return after(update);
    }

    private OwnIdentity stored(OwnIdentity now) {
        app.put(now);
        return now;
    }

    static <T> T valid(Verdict<T> verdict) {
        return verdict.toOptional().orElseThrow(() -> new Ended(Words.of(verdict.reason().orElseThrow())));
    }

    private static Ended forked() {
        return new Ended(Exit.ALARM,
                "There are two histories of your identity: another device, or a thief of its key, signed "
                        + "something else. Find out which, and revoke that device or recover.");
    }

    private static Ended wentBack() {
        return new Ended(Exit.ALARM, "The nameserver shows an older state of your identity than it has shown before.");
    }
}
