package im.signet.standalone.doctor;

import java.util.List;

/** Whether health and metrics are where only the operator asks for them. */
final class ManagementCheck implements Check {

    @Override
    public String what() {
        return "management port";
    }

    @Override
    public List<Diagnosis> look(Patient patient) {
        String port = patient.text("management.server.port").orElse("-1");
        if (port.startsWith("-")) {
            return List.of(Diagnosis.ok(what(), "it is closed: no health, no metrics."));
        }
        String address = patient.text("management.server.address").orElse("127.0.0.1");
        boolean here = address.startsWith("127.") || address.equals("localhost") || address.equals("::1");
        return List.of(here
                ? Diagnosis.ok(what(), "it is on " + address + " and asks nobody else.")
                : Diagnosis.warn(what(), "it is on " + address + ":" + port + " and asks for no token.",
                        "See that only your monitoring reaches it, by a firewall or by management.server.address."));
    }
}
