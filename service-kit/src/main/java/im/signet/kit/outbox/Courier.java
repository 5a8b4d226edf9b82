package im.signet.kit.outbox;

import im.signet.protocol.json.JsonObject;

/** One way out of the server, such as mail. Must bear being given the same letter twice: a kill may hide a success. */
public interface Courier {

    /** Returns the name of the channel, which stands in the database: never change it. */
    String channel();

    /** Tries once to deliver a letter. What it returns decides whether it is tried again. */
    Delivery deliver(JsonObject letter);

    /** What came of one try. */
    sealed interface Delivery {

        /** The letter is delivered; it is wiped. */
        record Delivered() implements Delivery {}

        /**
         * It did not work now and may later.
         *
         * @param reason for the log: no address, no content
         */
        record Deferred(String reason) implements Delivery {}

        /**
         * It will never work; the letter is wiped.
         *
         * @param reason for the log: no address, no content
         */
        record Rejected(String reason) implements Delivery {}
    }
}
