/** Lays the server out in a folder in the form that starts soonest. */
@NullMarked
package im.signet.standalone.install;

import org.jspecify.annotations.NullMarked;
