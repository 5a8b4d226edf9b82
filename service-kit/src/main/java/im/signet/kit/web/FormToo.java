package im.signet.kit.web;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Lets an endpoint's [Params] come as a form as well, as the specification still has it for a few, "for backwards
/// compatibility with previous drafts". A body whose `Content-Type` says form, but which begins as JSON does, is JSON:
/// that is how `curl -d` sends it.
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface FormToo {}
