package im.signet.standalone.doctor;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Whether the host of the public URL has an address. */
final class DnsCheck implements Check {

    @Override
    public String what() {
        return "dns";
    }

    @Override
    public List<Diagnosis> look(Patient patient) {
        Optional<URI> url = patient.publicUrl();
        if (url.isEmpty()) {
            return List.of(Diagnosis.fail(what(), "there is no public-url to look up.", "Set signet.public-url."));
        }
        String host = url.get().getHost();
        try {
            InetAddress[] addresses = InetAddress.getAllByName(host);
            String all = Arrays.stream(addresses).map(InetAddress::getHostAddress).collect(Collectors.joining(", "));
            boolean here = Arrays.stream(addresses).allMatch(InetAddress::isLoopbackAddress);
            boolean named = host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
            return List.of(here && !named
                    ? Diagnosis.warn(what(), host + " is this machine itself (" + all + ") as seen from here.",
                            "Look from elsewhere whether it has a public address; /etc/hosts may hide it here.")
                    : Diagnosis.ok(what(), host + " is at " + all + "."));
        } catch (UnknownHostException unknown) {
            return List.of(Diagnosis.fail(what(), host + " has no address.",
                    "Make an A or AAAA record for it, or correct signet.public-url."));
        }
    }
}
