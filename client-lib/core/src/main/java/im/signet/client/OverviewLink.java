package im.signet.client;

import java.net.URI;
import java.time.Duration;

/** What came of asking for a link to what a server keeps of the user. */
public sealed interface OverviewLink permits OverviewLink.Link, OverviewLink.NotOffered, Failure {
    /**
     * A link, to be opened in a browser by the user and nobody else.
     *
     * @param url      the page; {@link #toString()} hides it
     * @param validFor for how long it works
     */
    record Link(URI url, Duration validFor) implements OverviewLink {
        @Override
        public String toString() {
            return "Link[hidden]";
        }
    }

    /** The server has no such page. */
    record NotOffered() implements OverviewLink {}
}
