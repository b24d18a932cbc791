package io.seatline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.seatline.support.Program;
import io.seatline.support.TestServer;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Commands as processes of their own, as people and scripts start them; {@link CommandLineTest} runs them in its own,
 * which is quicker.
 */
@Tag("slow")
final class CommandProcessTest {
    @Test
    void command_takesItsSettingsItsInputAndItsArguments_andExitsWithTheCode() {
        var help = new Program(Map.of()).runProcess("--help");
        assertThat(help.exitCode()).isZero();
        assertThat(help.out()).contains("Usage: seatline", "Exit codes:");
        assertThat(help.err()).isEmpty();

        try (var server = TestServer.empty()) {
            var seatline = Program.beside(server);
            var created =
                    seatline.runProcess("customer", "create", "--id", "as-a-process", "--name", "Blåbær", "--json");
            assertThat(created.exitCode()).isZero();
            assertThat(created.out()).contains("\"name\":\"Blåbær\"");
            assertThat(TestServer.json(server.get("/customers/as-a-process"))
                            .at("/data/attributes/name")
                            .asString())
                    .isEqualTo("Blåbær");

            var imported = seatline.runProcessWith(
                    "customer_id,username\nas-a-process,piped\n", "account", "import", "-", "--json");
            assertThat(imported.exitCode()).isZero();
            assertThat(imported.out()).isEqualTo("{\"accounts\":1,\"kept\":true}" + System.lineSeparator());

            var missing = seatline.runProcess("customer", "show", "nobody");
            assertThat(missing.exitCode()).isEqualTo(3);
            assertThat(missing.out()).isEmpty();
            assertThat(missing.err()).isEqualTo("There is no customer nobody." + System.lineSeparator());
        }
    }
}
