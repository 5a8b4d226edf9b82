package im.signet.client;

/** What came of asking a homeserver which identity server it proposes. */
public sealed interface ProposalReading permits ProposalReading.Proposed, ProposalReading.Nothing, Failure {
    /**
     * It proposes one.
     *
     * @param proposal the proposal, to show
     */
    record Proposed(ServerProposal proposal) implements ProposalReading {}

    /** It proposes none. */
    record Nothing() implements ProposalReading {}
}
