package im.signet.identity;

import im.signet.identity.invitation.InvitationTemplates;
import im.signet.identity.validation.ValidationTemplates;
import im.signet.kit.page.Template;
import im.signet.kit.page.TemplateCatalog;

import java.util.List;
import java.util.stream.Stream;

/** All pages and messages that this service writes. */
public final class IdentityTemplates {

    private IdentityTemplates() {}

    /** Returns them. */
    public static TemplateCatalog catalog() {
        List<Template> all = Stream.of(ValidationTemplates.all(), InvitationTemplates.all())
                .flatMap(List::stream)
                .toList();
        return new TemplateCatalog(all);
    }
}
