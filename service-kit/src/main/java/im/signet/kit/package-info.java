/// What the services share; each sub-package is one concern, and [im.signet.kit.KitConfiguration] brings all of them.
@NullMarked
package im.signet.kit;

import org.jspecify.annotations.NullMarked;
