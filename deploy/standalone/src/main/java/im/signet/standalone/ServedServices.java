package im.signet.standalone;

import im.signet.identity.IdentityServerApplication;
import im.signet.names.NamesApplication;
import im.signet.terms.TermsServiceApplication;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What one process serves: all services, or one of them with the others elsewhere. */
enum ServedServices {

    /** All of them. */
    ALL("all", StandaloneApplication.class),

    /** Accounts, policies, acceptance. */
    TERMS("terms", TermsServiceApplication.class),

    /** The Identity Service API but account and terms. */
    IDENTITY("identity", IdentityServerApplication.class),

    /** Handles. */
    NAMES("names", NamesApplication.class);

    private final String word;
    private final Class<?> application;

    ServedServices(String word, Class<?> application) {
        this.word = word;
        this.application = application;
    }

    /** Returns what {@code serve WORD} means; empty when it means nothing. */
    static Optional<ServedServices> of(String word) {
        return Arrays.stream(values()).filter(service -> service.word.equals(word)).findFirst();
    }

    /** Returns the words, for people. */
    static String words() {
        return Arrays.stream(values()).map(service -> service.word).collect(Collectors.joining(", "));
    }

    /** Returns what Spring starts. */
    List<Class<?>> sources() {
        return List.of(application, ManagementConfiguration.class);
    }

    /** Returns the word. */
    @Override
    public String toString() {
        return word;
    }
}
