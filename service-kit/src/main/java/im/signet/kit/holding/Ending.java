package im.signet.kit.holding;

/** How a user's time with the services ends. */
public enum Ending {

    /** The user takes their consent back: what depended on it ends, what was agreed to stays on record. */
    WITHDRAWN,

    /** The user is forgotten: nothing of theirs is kept but what must be (docs/data-retention.md). */
    ERASED
}
