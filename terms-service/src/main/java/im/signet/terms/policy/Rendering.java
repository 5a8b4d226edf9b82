package im.signet.terms.policy;

import im.signet.kit.page.Markup;

import java.util.Set;

/** What came of making a source into what stands on a page. */
sealed interface Rendering {

    /**
     * It can be shown.
     *
     * @param leftOut the names of the elements that no page shows; what stood in most of them is there all the same
     */
    record Rendered(Markup markup, Set<String> leftOut) implements Rendering {}

    /**
     * It cannot.
     *
     * @param why the rest of a sentence that begins with the source
     */
    record Refused(String why) implements Rendering {}
}
