package im.signet.cli;

import im.signet.cli.Outcome.Style;
import im.signet.client.Failure;
import im.signet.client.Resolution;
import im.signet.client.ResolveConsent;
import im.signet.client.book.ContactBook;
import im.signet.client.book.Identifier;
import im.signet.client.handle.Alarm;
import im.signet.client.handle.ResolvedHandle;
import im.signet.protocol.handle.Handle;
import im.signet.protocol.handle.Reach;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Looks a handle up, held against what the contact book has pinned, and enters in the book what came of it. */
final class Resolving {

    private final App app;

    Resolving(App app) {
        this.app = app;
    }

    /**
     * What came of it.
     *
     * @param resolution what the nameserver showed
     * @param handle     the handle, where it was found
     * @param alarms     what of it contradicts the contact book
     */
    record Looked(Resolution resolution, Optional<ResolvedHandle> handle, List<String> alarms) {}

    /**
     * Looks a handle up. What contradicts a pin is entered in the book; a handle that nobody in the book has is entered only
     * if {@code add} says so.
     */
    Looked look(Handle handle, boolean add) {
        ContactBook book = app.contacts();
        Resolution resolution = app.directory().resolve(handle, ResolveConsent.toFind(handle), book.pin(handle));
        Instant now = app.clock().instant();
        boolean isIn = book.find(new Identifier.OfHandle(handle)).isPresent();
        Optional<ResolvedHandle> found = switch (resolution) {
            case Resolution.Found(ResolvedHandle resolved) -> Optional.of(resolved);
            case Resolution.Moved(ResolvedHandle resolved, Handle _) -> Optional.of(resolved);
            case Resolution.Alarmed(Alarm alarm) -> {
                app.change(before -> before.alarmed(alarm, now));
                yield Optional.empty();
            }
            default -> Optional.empty();
        };
        List<String> alarms = found.isPresent() && (add || isIn)
                ? app.learn(before -> before.resolved(found.get(), now))
                : List.of();
        return new Looked(resolution, found, alarms);
    }

    /** Returns what came of it in words; for a handle that was found its facts, and that nobody has validated it. */
    static Outcome inWords(Handle handle, Resolution resolution) {
        return switch (resolution) {
            case Resolution.Found(ResolvedHandle found) -> facts(found);
            case Resolution.Moved(ResolvedHandle found, Handle to) -> facts(found)
                    .and(Style.CAREFUL,
                            "It has moved to " + to + ", says its owner. Look that up: signet handle show " + to)
                    .with("moved_to", to.toString());
            case Resolution.Alarmed(Alarm alarm) -> alarm(handle, alarm);
            case Resolution.NotFound _ -> Outcome.not(Exit.NO, handle + " is not registered.");
            case Resolution.Gone(Alarm.Gone why, var _) -> Outcome.not(Exit.NO, handle + " " + inWords(why) + ".");
            case Resolution.NotTheSame _ -> Outcome.not(Exit.ALARM, handle + " leads to somebody else now.");
            case Resolution.Untimely(Instant from, Instant until) -> Outcome.not(Exit.NOT_NOW,
                    "What the nameserver signed holds from " + from + " to " + until
                            + ": its clock or yours is wrong.");
            case Failure failure -> Words.of(failure);
        };
    }

    private static Outcome facts(ResolvedHandle found) {
        Outcome outcome = Outcome.done()
                .and(Style.BOLD, found.handle().toString())
                .and("  identity  " + found.identity().id());
        Optional<Reach> reach = found.reach();
        if (reach.isPresent()) {
            outcome = outcome.and("  reach     " + reach.get().matrix() + ", says its owner")
                    .with("matrix", reach.get().matrix().value());
        }
        Style style = found.freshness() == ResolvedHandle.Freshness.FRESH ? Style.PLAIN : Style.CAREFUL;
        outcome = outcome.and(style, "  standing  " + switch (found.freshness()) {
            case FRESH -> "signed by the identity itself, until "
                    + Instant.ofEpochSecond(found.binding().binding().exp());
            case LAPSED -> "run out; its owner has not renewed it";
            case EPOCH_OVER -> "signed before its owner recovered the identity, and not since";
            case SIGNER_REVOKED -> "signed by a device that was revoked since";
            case IDENTITY_DEACTIVATED -> "its owner has ended the identity";
        });
        return outcome
                .and(Style.CAREFUL,
                        "  Unvalidated: that it is the person you mean, nobody has said. signet contacts verify")
                .with("handle", found.handle().toString())
                .with("identity", found.identity().id().value())
                .with("freshness", found.freshness().name().toLowerCase(Locale.ROOT));
    }

    private static Outcome alarm(Handle handle, Alarm alarm) {
        String what = switch (alarm) {
            case Alarm.OtherIdentity _ -> "names another identity than the one that was pinned";
            case Alarm.WentBack _ -> "shows an older state than it has shown before";
            case Alarm.DoesNotFollow _ -> "shows a history that does not follow on what was pinned";
            case Alarm.ContradictsItself _ -> "shows an identity that contradicts itself: two histories, both signed";
            case Alarm.Vanished vanished -> inWords(vanished.why()) + ", though it was pinned";
            case Alarm.NameserverChanged changed -> "is kept by another nameserver now: " + changed.now().url();
            case Alarm.NameserverLied _ ->
                "comes from a nameserver that has signed two things that cannot both be true";
        };
        return Outcome.not(Exit.ALARM, handle + " " + what + ".")
                .with("handle", handle.toString())
                .with("evidence", alarm.evidence().isPresent() ? "proven" : "none");
    }

    private static String inWords(Alarm.Gone why) {
        return switch (why) {
            case GIVEN_UP -> "was given up";
            case SUSPENDED -> "is suspended by its nameserver";
            case WITHDRAWN -> "is suspended, as its owner withdrew their consent";
            case UNKNOWN -> "is not registered";
        };
    }
}
