package io.seatline.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Imports point one way, as docs/architecture.md draws them. */
@Tag("pure")
class ArchitectureTest {
    private static final JavaClasses SEATLINE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("/io/seatline/templates/"))
            .importPackages("io.seatline");

    static Stream<Arguments> packages() {
        return Stream.of(
                Arguments.of("", List.of("cli", "cli.command")),
                Arguments.of("validation", List.of()),
                Arguments.of("jsonapi", List.of("validation")),
                Arguments.of("db", List.of()),
                Arguments.of("secret", List.of()),
                Arguments.of("audit", List.of()),
                Arguments.of("sip.message", List.of()),
                Arguments.of("listing", List.of("jsonapi")),
                Arguments.of("http", List.of("validation", "jsonapi")),
                Arguments.of("api", List.of("jsonapi", "http", "db", "secret", "audit")),
                Arguments.of("web", List.of("validation", "jsonapi", "http", "api", "db", "secret", "audit")),
                Arguments.of("operator", List.of("validation", "jsonapi", "http", "api", "secret", "audit")),
                Arguments.of("customer", List.of("validation", "jsonapi", "api", "db", "audit", "listing")),
                Arguments.of(
                        "account",
                        List.of("validation", "jsonapi", "api", "db", "audit", "listing", "secret", "customer")),
                Arguments.of("account.foreign", List.of("validation", "jsonapi", "secret", "account")),
                Arguments.of("registration", List.of("jsonapi", "api", "db", "audit", "listing", "secret", "account")),
                Arguments.of("sip.transport", List.of("sip.message")),
                Arguments.of("sip.transport.websocket", List.of("http", "sip.message", "sip.transport")),
                Arguments.of(
                        "sip.auth", List.of("db", "secret", "account", "registration", "sip.message", "sip.transport")),
                Arguments.of(
                        "sip",
                        List.of(
                                "validation",
                                "db",
                                "secret",
                                "registration",
                                "sip.message",
                                "sip.transport",
                                "sip.auth")),
                Arguments.of("session", List.of("jsonapi", "api", "audit", "secret", "customer")),
                Arguments.of("environment", List.of("db", "secret", "account", "registration")),
                Arguments.of(
                        "demo",
                        List.of("environment", "db", "secret", "audit", "operator", "customer", "account", "session")),
                Arguments.of("provisioning", List.of("jsonapi", "http", "audit", "listing", "secret", "account")),
                Arguments.of(
                        "portal",
                        List.of(
                                "validation",
                                "jsonapi",
                                "http",
                                "web",
                                "secret",
                                "audit",
                                "listing",
                                "customer",
                                "account",
                                "registration",
                                "session",
                                "provisioning")),
                Arguments.of(
                        "console",
                        List.of(
                                "validation",
                                "jsonapi",
                                "http",
                                "api",
                                "web",
                                "audit",
                                "listing",
                                "operator",
                                "customer",
                                "account",
                                "registration",
                                "session",
                                "portal")));
    }

    @ParameterizedTest
    @MethodSource("packages")
    void package_importsOnlyWhatLiesBelowIt(String name, List<String> allowed) {
        var own = Stream.concat(Stream.of(name), allowed.stream())
                .map(part -> part.isEmpty() ? "io.seatline" : "io.seatline." + part)
                .toList();
        classes()
                .that()
                .resideInAPackage(own.getFirst())
                .should()
                .onlyDependOnClassesThat(DescribedPredicate.describe(
                        "lie in " + own + " or are not ours",
                        (JavaClass other) -> !other.getPackageName().startsWith("io.seatline")
                                || own.contains(other.getPackageName())))
                .check(SEATLINE);
    }

    @Test
    void packages_haveNoCycles() {
        slices().matching("io.seatline.(**)").should().beFreeOfCycles().check(SEATLINE);
    }

    @Test
    void commands_knowNoOthers() {
        slices().matching("io.seatline.cli.(*)")
                .should()
                .notDependOnEachOther()
                .ignoreDependency(
                        DescribedPredicate.alwaysTrue(),
                        JavaClass.Predicates.resideInAPackage("io.seatline.cli.command"))
                .check(SEATLINE);
    }

    @Test
    void nobodyButTheCommandLine_startsTheServer() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.seatline.server", "io.seatline.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.seatline.server")
                .check(SEATLINE);
    }

    @Test
    void onlyHttpAndSipOverWebSocket_knowTheHttpLibrary() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.seatline.http", "io.seatline.sip.transport.websocket")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.eclipse.jetty..")
                .check(SEATLINE);
    }

    @Test
    void nobodyButTheCommandLine_printsToTheConsole() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.seatline.cli..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .check(SEATLINE);
    }

    /** Where {@code public.url} has a path, it comes before the address of every page ({@code PageContext.base}). */
    @Test
    void pages_knowWhereTheServerLies() throws IOException {
        try (var templates = Files.walk(Path.of("src", "main", "jte"))) {
            assertThat(templates.filter(Files::isRegularFile))
                    .isNotEmpty()
                    .allSatisfy(
                            template -> assertThat(template)
                                    .content()
                                    .doesNotContainPattern(
                                            "\\s(href|action|formaction|src|hx-get|hx-post|sse-connect)=\"(?!#|\\$\\{context\\.(base|asset)\\()"));
        }
    }

    @Test
    void everyPackage_saysWhatItIs() {
        assertThat(SEATLINE.stream().map(JavaClass::getPackageName).distinct())
                .allSatisfy(name -> assertThat(SEATLINE.contain(name + ".package-info"))
                        .as(name)
                        .isTrue());
    }
}
