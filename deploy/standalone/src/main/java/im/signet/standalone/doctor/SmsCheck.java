package im.signet.standalone.doctor;

import im.signet.standalone.config.Service;

import java.util.List;

/** Whether SMS are set up; none is sent, as each costs. */
final class SmsCheck implements Check {

    @Override
    public String what() {
        return "sms";
    }

    @Override
    public List<Diagnosis> look(Patient patient) {
        if (!patient.served().has(Service.IDENTITY) || patient.text("signet.sms.url").isEmpty()) {
            return List.of(Diagnosis.ok(what(), "no gateway is set, so there are no SMS."));
        }
        List<String> countries = patient.list("signet.sms.countries");
        return List.of(countries.isEmpty()
                ? Diagnosis.warn(what(), "a gateway is set, and no country that SMS may go to.",
                        "Set signet.sms.countries.")
                : Diagnosis.ok(what(), "a gateway is set, for " + String.join(", ", countries)
                        + "; it was not asked, as each SMS costs."));
    }
}
