package im.signet.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * What others can compile against, in words: by package, one line for each type and each member that is public or protected.
 * Names of parameters are left out, as nobody depends on them but those of records, which have accessors.
 */
final class PublicApi {
    private final Path classes;

    private PublicApi(Path classes) {
        this.classes = classes;
    }

    /** Returns the API of the module that {@code type} is of. */
    static PublicApi ofModuleWith(Class<?> type) {
        try {
            return new PublicApi(Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()));
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the lines of each exported package, sorted; and under {@code module} what the module exports and requires. */
    SortedMap<String, List<String>> describe() {
        ModuleDescriptor module = module();
        SortedMap<String, List<String>> api = new TreeMap<>();
        List<String> ofModule = new ArrayList<>();
        List<String> packages = module.exports()
                .stream()
                // What is exported to a module of ours is nobody else's business.
                .filter(exports -> !exports.isQualified())
                .map(ModuleDescriptor.Exports::source)
                .sorted()
                .collect(Collectors.toList());
        packages.forEach(name -> ofModule.add("exports " + name));
        module.requires()
                .stream()
                .filter(requires -> !requires.modifiers().contains(ModuleDescriptor.Requires.Modifier.MANDATED))
                .map(requires -> "requires " + new TreeSet<>(requires.modifiers()) + " " + requires.name())
                .sorted()
                .forEach(ofModule::add);
        api.put("module", ofModule);
        packages.forEach(name -> api.put(name, linesOf(name)));
        return api;
    }

    private ModuleDescriptor module() {
        try (InputStream in = Files.newInputStream(classes.resolve("module-info.class"))) {
            return ModuleDescriptor.read(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> linesOf(String packageName) {
        try (Stream<Path> files = Files.list(classes.resolve(packageName.replace('.', '/')))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".class") && !name.equals("package-info.class"))
                    .map(name -> load(packageName + "." + name.substring(0, name.length() - ".class".length())))
                    .filter(PublicApi::isSeen)
                    .flatMap(PublicApi::linesOf)
                    .sorted()
                    .collect(Collectors.toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, IdentityServer.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the lines of one type. */
    static Stream<String> linesOf(Class<?> type) {
        String name = type.getCanonicalName();
        Stream<String> fields = Arrays.stream(type.getDeclaredFields())
                .filter(field -> isSeen(field.getModifiers()) && !field.isSynthetic())
                .map(field -> name + "." + field.getName() + ": "
                        + modifiers(field.getModifiers() & ~Modifier.TRANSIENT)
                        + " " + type(field.getAnnotatedType(), field.getGenericType()) + value(field));
        Stream<String> constructors = Arrays.stream(type.getDeclaredConstructors())
                .filter(constructor -> isSeen(constructor.getModifiers()) && !constructor.isSynthetic())
                .map(constructor -> name + ".new" + signature(constructor));
        Stream<String> methods = Arrays.stream(type.getDeclaredMethods())
                .filter(method -> isSeen(method.getModifiers()) && !method.isSynthetic() && !isGiven(method))
                .map(method -> name + "." + method.getName() + signature(method));
        return Stream.concat(Stream.of(name + ": " + head(type)),
                Stream.concat(fields, Stream.concat(constructors, methods)));
    }

    private static String head(Class<?> type) {
        StringBuilder head = new StringBuilder(modifiers(type.getModifiers() & ~Modifier.INTERFACE & ~Modifier.STATIC))
                .append(type.isSealed() ? " sealed" : "")
                .append(type.isRecord()
                        ? " record"
                        : type.isEnum() ? " enum" : type.isInterface() ? " interface" : " class")
                .append(variables(type.getTypeParameters()));
        Type parent = type.getGenericSuperclass();
        if (parent != null && parent != Object.class && !type.isRecord() && !type.isEnum()) {
            head.append(" extends ").append(parent.getTypeName());
        }
        if (type.isRecord()) {
            head.append(Arrays.stream(type.getRecordComponents())
                    .map(component -> type(component.getAnnotatedType(), component.getGenericType()) + " "
                            + component.getName())
                    .collect(Collectors.joining(", ", "(", ")")));
        }
        append(head, " implements ", Arrays.stream(type.getGenericInterfaces()).map(Type::getTypeName));
        Class<?>[] permitted = type.getPermittedSubclasses();
        // What is left out and what comes in breaks a switch that names all.
        append(head, " permits ",
                permitted == null ? Stream.of() : Arrays.stream(permitted).map(Class::getCanonicalName));
        return head.toString().trim();
    }

    private static void append(StringBuilder head, String before, Stream<String> names) {
        String all = names.sorted().collect(Collectors.joining(", "));
        head.append(all.isEmpty() ? "" : before + all);
    }

    private static String signature(Executable executable) {
        String parameters = Arrays.stream(executable.getParameters())
                .map(PublicApi::type)
                .collect(Collectors.joining(", ", "(", ")"));
        String exceptions = Arrays.stream(executable.getGenericExceptionTypes())
                .map(Type::getTypeName)
                .sorted()
                .collect(Collectors.joining(", "));
        String returned = executable instanceof Method method
                ? " " + type(method.getAnnotatedReturnType(), method.getGenericReturnType())
                : "";
        boolean isDefault = executable instanceof Method method && method.isDefault();
        int flags = executable.getModifiers() & (executable instanceof Constructor
                ? Modifier.constructorModifiers()
                : Modifier.methodModifiers()) & ~Modifier.SYNCHRONIZED;
        return parameters + ": " + modifiers(flags) + (isDefault ? " default" : "")
                + variables(executable.getTypeParameters()) + returned
                + (exceptions.isEmpty() ? "" : " throws " + exceptions);
    }

    private static String type(Parameter parameter) {
        return type(parameter.getAnnotatedType(), parameter.getParameterizedType());
    }

    private static String type(AnnotatedType annotated, Type type) {
        return (annotated.isAnnotationPresent(Nullable.class) ? "@Nullable " : "") + type.getTypeName();
    }

    private static String variables(TypeVariable<?>[] variables) {
        return variables.length == 0
                ? ""
                : Arrays.stream(variables)
                        .map(variable -> variable + Arrays.stream(variable.getBounds())
                                .filter(bound -> bound != Object.class)
                                .map(bound -> " extends " + bound.getTypeName())
                                .collect(Collectors.joining()))
                        .collect(Collectors.joining(", ", " <", ">"));
    }

    /** Returns the value that a compiler copies into the code of others. */
    private static String value(Field field) {
        boolean isConstant = Modifier.isStatic(field.getModifiers()) && Modifier.isFinal(field.getModifiers())
                && (field.getType().isPrimitive() || field.getType() == String.class);
        try {
            return isConstant ? " = " + field.get(null) : "";
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns whether every type of that form has the method. */
    private static boolean isGiven(Method method) {
        Class<?> type = method.getDeclaringClass();
        boolean isOfEnum = type.isEnum() && Modifier.isStatic(method.getModifiers())
                && (method.getName().equals("values") || method.getName().equals("valueOf"));
        boolean isOfObject = List.of("toString", "hashCode", "equals").contains(method.getName());
        return isOfEnum || isOfObject;
    }

    private static boolean isSeen(Class<?> type) {
        Class<?> outer = type.getEnclosingClass();
        return isSeen(type.getModifiers()) && !type.isAnonymousClass() && !type.isLocalClass()
                && (outer == null || isSeen(outer));
    }

    private static boolean isSeen(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    private static String modifiers(int flags) {
        return Modifier.toString(flags);
    }
}
