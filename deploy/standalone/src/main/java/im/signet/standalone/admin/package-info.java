/// The operator's commands on what a server keeps, beside running servers: they ask before they take anything away, and
/// write down what they changed.
@NullMarked
package im.signet.standalone.admin;

import org.jspecify.annotations.NullMarked;
