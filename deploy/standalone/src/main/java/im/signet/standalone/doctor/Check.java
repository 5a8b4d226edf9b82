package im.signet.standalone.doctor;

import java.util.List;

/** One thing that the doctor looks at; what it throws becomes a failure of its own and hides no other. */
interface Check {

    /** Returns the thing, for the line that says that the check itself failed. */
    String what();

    /** Looks at it, for some seconds at most. */
    List<Diagnosis> look(Patient patient) throws Exception;
}
