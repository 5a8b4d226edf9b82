package im.signet.names;

import im.signet.kit.page.TemplateCatalog;
import im.signet.names.page.HandleTemplates;

/** All pages that this service writes. */
public final class NamesTemplates {

    private NamesTemplates() {}

    /** Returns them. */
    public static TemplateCatalog catalog() {
        return new TemplateCatalog(HandleTemplates.all());
    }
}
