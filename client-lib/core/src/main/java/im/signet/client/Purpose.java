package im.signet.client;

import java.net.URI;

/**
 * What a user may consent to, beyond reading a server's status and terms. Each purpose is a type of its own, so that a
 * {@link Consent} for one of them does not compile where another is needed.
 */
public sealed interface Purpose {
    /** Have an account at the server, for other purposes to come. */
    HaveAccount HAVE_ACCOUNT = HaveAccount.PURPOSE;

    /** Find out which contacts use Matrix. */
    DiscoverContacts DISCOVER_CONTACTS = DiscoverContacts.PURPOSE;

    /** Find out which contacts use Matrix, and tell a server that cannot hash their addresses themselves. */
    RevealContacts REVEAL_CONTACTS = RevealContacts.PURPOSE;

    /** Let others find the user by an address of theirs. */
    PublishAddress PUBLISH_ADDRESS = PublishAddress.PURPOSE;

    /** Returns the purpose of keeping handles of the user's own at a nameserver. */
    static KeepHandle keepHandle(URI nameserver) {
        return new KeepHandle(nameserver);
    }

    /** Returns what the user agrees to, as a sentence to show to them. */
    String inWords();

    /** The type of {@link Purpose#HAVE_ACCOUNT}. */
    enum HaveAccount implements Purpose {
        /** The only one. */
        PURPOSE;

        @Override
        public String inWords() {
            return "Tell the server which Matrix account is yours, and nothing else: no address, no contact, no handle.";
        }
    }

    /** The type of {@link Purpose#DISCOVER_CONTACTS}. */
    enum DiscoverContacts implements Purpose {
        /** The only one. */
        PURPOSE;

        @Override
        public String inWords() {
            return "Send hashes of the addresses of contacts you choose to the server, to find out which of them use Matrix. "
                    + "The server can guess addresses from their hashes, phone numbers above all.";
        }
    }

    /** The type of {@link Purpose#REVEAL_CONTACTS}. */
    enum RevealContacts implements Purpose {
        /** The only one. */
        PURPOSE;

        @Override
        public String inWords() {
            return "Send the addresses of contacts you choose to the server as they are, where it cannot take hashes, to find "
                    + "out which of them use Matrix. The server learns each address, also of people who do not use Matrix, "
                    + "and that you have it.";
        }
    }

    /** The type of {@link Purpose#PUBLISH_ADDRESS}. */
    enum PublishAddress implements Purpose {
        /** The only one. */
        PURPOSE;

        @Override
        public String inWords() {
            return "Tell the server an address of yours and prove that it is yours, so that whoever has the address can find "
                    + "your Matrix ID.";
        }
    }

    /**
     * Register handles of the user's own, and change what they name.
     *
     * @param nameserver the base URL of the nameserver that keeps them
     */
    record KeepHandle(URI nameserver) implements Purpose {
        @Override
        public String inWords() {
            return "Publish at " + nameserver
                    + " that a handle is yours, with the public keys of your devices, so that "
                    + "whoever has the handle can find you by it. The server learns which Matrix account registers it.";
        }
    }
}
