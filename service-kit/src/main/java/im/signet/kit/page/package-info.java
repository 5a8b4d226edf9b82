/// Pages for people, and the texts of mails: templates and texts by brand and language, ours or the operator's,
/// rendered
/// with everything escaped; no scripts, headers that keep what is in a link from going further.
@NullMarked
package im.signet.kit.page;

import org.jspecify.annotations.NullMarked;
