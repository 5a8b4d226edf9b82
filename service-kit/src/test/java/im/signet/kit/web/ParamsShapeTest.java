package im.signet.kit.web;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** CVE-2021-29433, unchecked lengths: there is no way to take a text out of a request without saying how long it may be. */
class ParamsShapeTest {

    /** What yields no text of its own: names only, numbers, truth values, or an object whose texts are taken in the same way. */
    private static final Set<String> TEXTLESS = Set.of("require", "integer", "optionalBoolean", "object", "asJson");

    @Test
    void takesNoTextWithoutAGreatestLength() {
        List<Method> accessors = Arrays.stream(Params.class.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()) && !Modifier.isStatic(method.getModifiers()))
                .filter(method -> method.getDeclaringClass() == Params.class && !method.getName().equals("toString"))
                .filter(method -> !method.isSynthetic() && !TEXTLESS.contains(method.getName()))
                .toList();
        assertThat(accessors).isNotEmpty()
                .allSatisfy(accessor -> assertThat(accessor.getParameters())
                        .as(accessor.getName())
                        .anyMatch(parameter -> parameter.getName().equals("maxLength")
                                && parameter.getType() == int.class));
    }
}
