package im.signet.cli;

import im.signet.cli.Outcome.Style;
import im.signet.client.transport.Disclosure;
import im.signet.client.transport.PlannedRequest;
import im.signet.client.transport.RequestListener;

import java.net.URI;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Stands before the network: tells what each request discloses, and lets it pass when the user agrees. Each kind of disclosure to
 * each server is asked for once in a command; what tells a server nothing new is not.
 */
final class Gate implements RequestListener {

    private static final Set<Disclosure.Subject> CONTACTS = Set.of(Disclosure.Subject.CONTACT_HASHES,
            Disclosure.Subject.CONTACT_ADDRESSES);

    private final Terminal terminal;
    private final boolean yes;
    private final boolean verbose;
    private final Set<String> agreed = new HashSet<>();
    private boolean all;

    /**
     * @param yes     whether the user agreed beforehand to what the command sends
     * @param verbose whether every request is told, also what nobody need be asked about
     */
    Gate(Terminal terminal, boolean yes, boolean verbose) {
        this.terminal = terminal;
        this.yes = yes;
        this.verbose = verbose;
    }

    /** Takes in that the user chose a server: that permits to read its status and its terms, and nothing else. */
    void chosen(URI server) {
        agreed.add(server.getAuthority() + " " + Disclosure.Subject.INTEREST);
    }

    @Override
    public Verdict beforeSending(PlannedRequest request) {
        Disclosure disclosure = request.disclosure();
        EnumSet<Disclosure.Subject> subjects = EnumSet.noneOf(Disclosure.Subject.class);
        subjects.addAll(disclosure.subjects());
        subjects.removeIf(subject -> agreed.contains(key(request, subject)));
        if (subjects.isEmpty()) {
            if (verbose) {
                announce(request);
            } else if (disclosure.subjects().stream().anyMatch(CONTACTS::contains)) {
                // The next part of a long address book: how far it is shows only here.
                terminal.tell(Style.FAINT, "   " + disclosure.inWords());
            }
            return Verdict.SEND;
        }
        announce(request);
        if (!yes && !all && !asked()) {
            return Verdict.VETO;
        }
        subjects.forEach(subject -> agreed.add(key(request, subject)));
        return Verdict.SEND;
    }

    private void announce(PlannedRequest request) {
        terminal.tell(Style.FAINT, "-> " + request.method() + " " + request.url());
        terminal.tell(Style.PLAIN, "   " + request.disclosure().inWords());
    }

    private boolean asked() {
        if (!terminal.isInteractive()) {
            terminal.tell(Style.CAREFUL, "   Not sent: there is no terminal to ask at. --yes agrees beforehand.");
            return false;
        }
        while (true) {
            Optional<String> answer = terminal.ask("   Send it? [y]es, [n]o, [a]ll of this command:");
            switch (answer.orElse("n").strip().toLowerCase(Locale.ROOT)) {
                case "y", "yes" -> {
                    return true;
                }
                case "a", "all" -> {
                    all = true;
                    return true;
                }
                case "n", "no", "" -> {
                    return false;
                }
                default -> terminal.tell(Style.CAREFUL, "   y, n or a");
            }
        }
    }

    private static String key(PlannedRequest request, Disclosure.Subject subject) {
        return request.url().getAuthority() + " " + subject;
    }
}
