package im.signet.standalone;

import im.signet.protocol.handle.Card;
import im.signet.protocol.handle.Handle;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.DecodeHintType;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.ReaderException;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;

import static org.assertj.core.api.Assertions.assertThat;

/** The pages about handles and cards as a browser shows them, and the QR code as a camera sees it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HandlePagesInABrowserTest {

    private static final Handle ALICE = Handle.of("alice@example.org");
    private static final Handle LONG = Handle.of("the.longest-of-all_local.part-is@a-subdomain.of-quite-some-length."
            + "and-then-another-subdomain-that-does-not-break.example.org");

    private final Optional<Browser> started = Browser.start();
    private Town town;
    private TownHandle alice;

    @BeforeAll
    void start(@TempDir Path templates) throws IOException {
        Files.writeString(templates.resolve("messages_he.properties"), PagesInABrowserTest.pseudoHebrew());
        town = Town.start(Map.of("signet.names.domains", "example.org," + LONG.domain(), "signet.names.registration",
                "open", "signet.names.public-url", "https://ns.example.org", "signet.mail.templates",
                templates.toString()));
        alice = TownHandle.register(town, "alice", ALICE);
        TownHandle.register(town, "x".repeat(60), LONG);
        TownHandle.register(town, "mover", Handle.of("mover@example.org"))
                .moveTo(Handle.of("mover@elsewhere.example.org"));
        TownHandle.register(town, "leaver", Handle.of("leaver@example.org")).release();
    }

    @AfterAll
    void stop() {
        started.ifPresent(Browser::close);
        town.close();
    }

    @BeforeEach
    void needsABrowser() {
        Assumptions.assumeTrue(started.isPresent(), "needs chromium and chromedriver on the PATH");
        browser().speak("en");
        browser().width(Browser.DESKTOP);
        browser().colours("light");
    }

    private Browser browser() {
        return started.orElseThrow();
    }

    private void open(String target) {
        browser().driver()
                .get("http://localhost:" + town.server().getEnvironment().getProperty("local.server.port") + target);
    }

    private String main() {
        return browser().driver().findElement(By.tagName("main")).getText();
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "de", "fr", "es", "he"})
    void areWholeInEveryLanguage(String language) {
        browser().speak(language);
        open("/h/" + ALICE);
        assertThat(main()).startsWith(ALICE.toString());
        browser().shows(language, "handle");
        assertThat(browser().driver().findElement(By.tagName("bdi")).getCssValue("direction")).isEqualTo("ltr");
        open("/h/mover@example.org");
        assertThat(main()).contains("mover@elsewhere.example.org");
        browser().shows(language, "handle-left");
        open("/h/leaver@example.org");
        browser().shows(language, "handle-gone");
        open("/h/nobody@example.org");
        browser().shows(language, "handle-unknown");
        open("/c#" + Card.of(alice.identity, Optional.of(ALICE)).toText().substring("SIGNET:".length()));
        browser().shows(language, "card");
    }

    @Test
    void fitAPhoneHoweverLongTheHandle() {
        open("/h/" + LONG);
        assertThat(main()).startsWith(LONG.toString());
        browser().shows("en", "handle-long");
    }

    /** White paper also on dark pages, and where the reader's own colours take the place of the page's. */
    @Test
    void showACodeThatACameraReads() throws IOException {
        String card = Card.of(alice.identity, Optional.of(ALICE)).toText();
        open("/h/" + ALICE);
        for (Map<String, String> colours : List.of(Map.of("prefers-color-scheme", "light"),
                Map.of("prefers-color-scheme", "dark"),
                Map.of("prefers-color-scheme", "dark", "forced-colors", "active"))) {
            browser().driver()
                    .executeCdpCommand("Emulation.setEmulatedMedia", Map.of("features", colours.entrySet()
                            .stream()
                            .map(feature -> Map.of("name", feature.getKey(), "value", feature.getValue()))
                            .toList()));
            for (int width : List.of(Browser.DESKTOP, Browser.PHONE)) {
                browser().width(width);
                WebElement code = browser().driver().findElement(By.cssSelector("[role=img]"));
                assertThat(scanned(code)).as(colours + " " + width).isEqualTo(card);
            }
        }
        browser().keepPicture("handle-forced-colours");
        browser().driver().executeCdpCommand("Emulation.setEmulatedMedia", Map.of("media", "print"));
        assertThat(scanned(browser().driver().findElement(By.cssSelector("[role=img]")))).isEqualTo(card);
        browser().width(800);
        browser().keepPicture("handle-print");
        browser().driver().executeCdpCommand("Emulation.setEmulatedMedia", Map.of("media", ""));
    }

    private static String scanned(WebElement element) throws IOException {
        BufferedImage picture = ImageIO.read(new ByteArrayInputStream(element.getScreenshotAs(OutputType.BYTES)));
        int width = picture.getWidth();
        int height = picture.getHeight();
        int[] pixels = picture.getRGB(0, 0, width, height, null, 0, width);
        try {
            return new QRCodeReader()
                    .decode(new BinaryBitmap(new HybridBinarizer(new RGBLuminanceSource(width, height, pixels))),
                            Map.of(DecodeHintType.TRY_HARDER, true))
                    .getText();
        } catch (ReaderException unreadable) {
            throw new AssertionError("no code", unreadable);
        }
    }

    @Test
    void openTheTextOfTheCard() {
        open("/h/" + ALICE);
        WebElement code = browser().driver().findElement(By.cssSelector("details code"));
        assertThat(code.isDisplayed()).isFalse();
        browser().driver().findElement(By.tagName("summary")).click();
        assertThat(code.getText()).isEqualTo(Card.of(alice.identity, Optional.of(ALICE)).toText());
        browser().shows("en", "handle-open");
    }
}
