package im.signet.cli;

import im.signet.client.Failure;
import im.signet.client.book.Warning;
import im.signet.protocol.handle.Reason;

import java.time.Duration;

/** Says what went wrong in words that help. */
final class Words {

    private Words() {}

    /** Returns the outcome of a command that a failure ended. */
    static Outcome of(Failure failure) {
        return switch (failure) {
            case Failure.Unreachable(String reason) -> Outcome.not(Exit.NOT_NOW, reason + ".");
            case Failure.Malformed(String reason) ->
                Outcome.not(Exit.NOT_NOW, "The server's answer makes no sense: " + reason + ".");
            case Failure.Limited limited -> Outcome.not(Exit.NOT_NOW, "The server has a limit, and it is reached."
                    + limited.retryAfter().map(wait -> " Try again in " + of(wait) + ".").orElse(""));
            case Failure.Refused refused -> Outcome.not(Exit.NO, "The server refuses: "
                    + (refused.message().isEmpty() ? "" : refused.message() + " ") + "(" + refused.errcode() + ").");
            case Failure.SignedOut _ ->
                Outcome.not(Exit.FIRST, "The server does not know your session any more: signet login.");
            case Failure.HomeserverSignedOut _ ->
                Outcome.not(Exit.FIRST, "Your homeserver does not know that access token any more.");
            case Failure.TermsOutstanding _ ->
                Outcome.not(Exit.FIRST, "The server wants its terms to be accepted first: signet terms accept.");
            case Failure.Vetoed _ -> Outcome.not(Exit.NOT_AGREED, "That was not sent.");
            case Failure.Cancelled _ -> Outcome.not(Exit.NOT_AGREED, "Cancelled.");
        };
    }

    /** Returns the outcome of a command whose record the protocol does not allow. */
    static Outcome of(Reason reason) {
        return Outcome.not(Exit.NO, "That cannot be signed: " + reason.words() + ".");
    }

    /** Returns what a warning of the contact book means. */
    static String of(Warning.Kind kind) {
        return switch (kind) {
            case NAMES_ANOTHER -> "names another identity than the one that was known";
            case WENT_BACK -> "shows an older state than before";
            case DOES_NOT_FOLLOW -> "does not follow on what was known";
            case CONTRADICTS_ITSELF -> "contradicts itself: two histories, both signed";
            case GIVEN_UP -> "was given up";
            case SUSPENDED -> "is suspended";
            case WITHDRAWN -> "is suspended, as its owner withdrew their consent";
            case UNKNOWN -> "is not registered any more";
            case NAMESERVER_CHANGED -> "is kept by another nameserver";
            case NAMESERVER_LIED -> "comes from a nameserver that signed two things which cannot both be true";
            case CARD_DISAGREES -> "is not as a card says";
            case CARD_NAMES_ANOTHER -> "is not the identity that a card or an imported book names";
            case LOOKUP_NAMES_ANOTHER -> "leads to another Matrix ID than before";
        };
    }

    /** Returns a time span as people say it, rounded up. */
    static String of(Duration span) {
        long seconds = Math.max(1, span.plusMillis(999).toSeconds());
        if (seconds < 120) {
            return seconds + " s";
        }
        long minutes = (seconds + 59) / 60;
        return minutes < 120 ? minutes + " minutes" : (minutes + 59) / 60 + " hours";
    }
}
