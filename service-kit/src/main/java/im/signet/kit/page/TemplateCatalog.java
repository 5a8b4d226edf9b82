package im.signet.kit.page;

import java.util.List;

/** The pages and messages that a service writes; each service has a bean of it. */
public record TemplateCatalog(List<Template> templates) {

    /** Keeps a copy of the list. */
    public TemplateCatalog {
        templates = List.copyOf(templates);
    }
}
