package im.signet.standalone.admin;

import im.signet.standalone.command.Exit;

/** A command that is not carried out; the message says why, and nothing was changed. */
final class Refusal extends RuntimeException {

    private final Exit exit;

    Refusal(Exit exit, String why) {
        super(why, null, false, false);
        this.exit = exit;
    }

    /** Returns one of an argument that makes no sense. */
    static Refusal misuse(String why) {
        return new Refusal(Exit.USAGE, why);
    }

    Exit exit() {
        return exit;
    }
}
