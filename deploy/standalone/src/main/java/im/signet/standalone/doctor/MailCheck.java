package im.signet.standalone.doctor;

import im.signet.identity.mail.MailTrial;
import im.signet.standalone.config.Service;

import java.util.List;

/** Whether the SMTP server takes us, and a mail where somebody is named who gets it. */
final class MailCheck implements Check {

    @Override
    public String what() {
        return "mail";
    }

    @Override
    public List<Diagnosis> look(Patient patient) {
        if (!patient.served().has(Service.IDENTITY)) {
            return List.of(Diagnosis.ok(what(), "this process sends none."));
        }
        MailTrial trial = MailTrial.of(patient.settings(), patient.mailTo(), Patient.PATIENCE, patient.clock(),
                patient.random());
        return List.of(switch (trial) {
            case MailTrial.NotSet _ ->
                Diagnosis.warn(what(), "no SMTP server is set: nobody can prove an e-mail address.",
                        "Set signet.mail.host and signet.mail.from.");
            case MailTrial.Fails(String why, String mend) ->
                Diagnosis.fail(what(), "the SMTP server cannot be used: " + why
                        + ".", mend);
            case MailTrial.Works(boolean utf8, boolean sent) -> Diagnosis.ok(what(), "the SMTP server takes our log-in"
                    + (sent
                            ? " and took the test mail; whether it arrives, only its reader knows"
                            : "; --mail-to ADDRESS sends a mail")
                    + (utf8
                            ? "."
                            : ". It offers no SMTPUTF8, so addresses with more than ASCII before the @ get no mail."));
        });
    }
}
