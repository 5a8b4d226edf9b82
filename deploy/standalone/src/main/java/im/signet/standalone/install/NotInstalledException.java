package im.signet.standalone.install;

/** Says why there is no installation, in a sentence for the operator. */
public final class NotInstalledException extends Exception {

    NotInstalledException(String why) {
        super(why);
    }
}
