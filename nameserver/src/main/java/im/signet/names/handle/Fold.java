package im.signet.names.handle;

import im.signet.protocol.handle.Handle;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.text.SpoofChecker;
import com.ibm.icu.util.VersionInfo;

/**
 * What is the same for handles of a domain that people could take for each other: the confusables skeleton of Unicode
 * (UTS #39), taken twice without regard to case, and a few pairs of our own. It is shown to nobody.
 *
 * @param value the fold of the local part
 */
public record Fold(String value) {

    private static final int OWN_TABLE = 1;
    private static final SpoofChecker SPOOFS = new SpoofChecker.Builder().build();

    /** Grows with Unicode and with our own table: a fold of a lower version is made anew. */
    public static final int VERSION = version(UCharacter.getUnicodeVersion());

    /** Returns the fold of a handle. */
    public static Fold of(Handle handle) {
        return ofLocalPart(handle.localPart());
    }

    static Fold ofLocalPart(String localPart) {
        String skeleton = skeletonWithoutCase(skeletonWithoutCase(localPart));
        return new Fold(skeleton.replace("vv", "w").replace('i', 'l').replace('.', '-').replace('_', '-'));
    }

    private static String skeletonWithoutCase(String text) {
        return UCharacter.foldCase(SPOOFS.getSkeleton(UCharacter.foldCase(text, true)), true);
    }

    private static int version(VersionInfo unicode) {
        return unicode.getMajor() * 10_000 + unicode.getMinor() * 100 + OWN_TABLE;
    }
}
