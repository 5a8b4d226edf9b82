package im.signet.identity.invitation;

import im.signet.kit.metric.Tally;

/** How many invitations came to what. */
final class InvitationTally {

    private static final Tally.By<Step> INVITATIONS = Tally.by("signet.invitations", "Invitations", "step", Step.class);

    private static final InvitationTally INSTANCE = new InvitationTally();

    private InvitationTally() {}

    /** Returns the one there is. */
    static InvitationTally invitations() {
        return INSTANCE;
    }

    /** How far an invitation came. */
    enum Step {
        /** It was stored, and its mail put on its way. */
        STORED,
        /** It was not stored: the address is bound to a user. */
        IN_USE,
        /** It was not stored: no mail could be sent there. */
        CANNOT_SEND,
        /** The homeserver of whom the address was bound to has it. */
        DELIVERED,
        /** That homeserver would not have it, for hours. */
        REFUSED
    }

    void count(Step step, int invitations) {
        INVITATIONS.add(step, invitations);
    }
}
