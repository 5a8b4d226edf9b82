/// The settings that all services share, and what guards them: unknown keys stop the start, secrets may lie in files.
@NullMarked
package im.signet.kit.settings;

import org.jspecify.annotations.NullMarked;
