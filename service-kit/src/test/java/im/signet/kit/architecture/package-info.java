/// What holds for the code of every module, as rules that a test of the module runs.
@NullMarked
package im.signet.kit.architecture;

import org.jspecify.annotations.NullMarked;
