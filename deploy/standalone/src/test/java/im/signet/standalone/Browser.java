package im.signet.standalone;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.stream.Stream;

import com.deque.html.axecore.selenium.AxeBuilder;
import org.openqa.selenium.By;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

import static org.assertj.core.api.Assertions.assertThat;

/** A Chromium without a window, with an empty profile, that talks to nobody but the pages it is sent to. */
final class Browser implements AutoCloseable {

    /** The width of a phone's page, in pixels. */
    static final int PHONE = 400;
    /** The width of a page on a desk. */
    static final int DESKTOP = 1280;

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Path profile;
    private final ChromeDriver driver;

    private Browser(Path chromium, Path chromedriver) {
        try {
            profile = Files.createTempDirectory("signet-browser");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chromium.toFile());
        options.addArguments("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage",
                "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--no-proxy-server", "--hide-scrollbars", "--user-data-dir=" + profile);
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
        options.setPageLoadTimeout(PATIENCE);
        options.setScriptTimeout(PATIENCE);
        // Named, so that Selenium looks for none on the network.
        driver = new ChromeDriver(new ChromeDriverService.Builder().usingDriverExecutable(chromedriver.toFile())
                .usingAnyFreePort()
                .withTimeout(PATIENCE)
                .build(), options);
    }

    /** Starts one; empty where this machine has no {@code chromium} with its {@code chromedriver}. */
    static Optional<Browser> start() {
        Optional<Path> chromedriver = onPath("chromedriver");
        return onPath("chromium").filter(_ -> chromedriver.isPresent())
                .map(chromium -> new Browser(chromium, chromedriver.orElseThrow()));
    }

    private static Optional<Path> onPath(String program) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    ChromeDriver driver() {
        return driver;
    }

    /** Has the browser prefer a language from now on. */
    void speak(String language) {
        driver.executeCdpCommand("Network.enable", Map.of());
        driver.executeCdpCommand("Network.setExtraHTTPHeaders",
                Map.of("headers", Map.of("Accept-Language", language)));
    }

    /** Makes the window that wide, in pixels. */
    void width(int pixels) {
        driver.executeCdpCommand("Emulation.setDeviceMetricsOverride",
                Map.of("width", pixels, "height", 900, "deviceScaleFactor", 1, "mobile", false));
    }

    /** Has the browser prefer light or dark pages. */
    void colours(String scheme) {
        driver.executeCdpCommand("Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    /** Keeps a picture of the page in {@code target/screenshots}. */
    void keepPicture(String name) {
        try {
            Path folder = Files.createDirectories(Path.of("target", "screenshots"));
            // The whole page, however long it is.
            Object picture = driver.executeCdpCommand("Page.captureScreenshot", Map.of("captureBeyondViewport", true))
                    .get("data");
            Files.write(folder.resolve(name + ".png"), Base64.getDecoder().decode(String.valueOf(picture)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns what axe finds wrong with the page for people who see, hear or move less than others. */
    List<String> barriers() {
        return new AxeBuilder().analyze(driver)
                .getViolations()
                .stream()
                .map(rule -> rule.getId() + ": " + rule.getHelp() + " " + rule.getNodes())
                .toList();
    }

    /** Returns what the browser complained of since it was asked last: of what it refused to load or to do. */
    List<String> refusals() {
        return driver.manage()
                .logs()
                .get(LogType.BROWSER)
                .getAll()
                .stream()
                .map(entry -> entry.getMessage())
                .filter(message -> message.contains("Security Policy") || message.contains("Refused"))
                .toList();
    }

    /** Says that a page in that language is there, whole, and without barriers, and keeps pictures of it. */
    void shows(String language, String page) {
        WebElement html = driver.findElement(By.tagName("html"));
        assertThat(html.getDomAttribute("lang")).isEqualTo(language);
        assertThat(html.getDomAttribute("dir")).isEqualTo(language.equals("he") ? "rtl" : "ltr");
        assertThat(driver.findElements(By.tagName("h1"))).hasSize(1);
        for (String colours : language.equals("en") ? List.of("light", "dark") : List.of("light")) {
            colours(colours);
            for (int width : List.of(DESKTOP, PHONE)) {
                width(width);
                assertThat(driver
                        .executeScript("return innerWidth + \" has \" + document.documentElement.scrollWidth"))
                        .as("width of " + page)
                        .isEqualTo(width + " has " + width);
                keepPicture(page + "-" + language + "-" + width + (colours.equals("dark") ? "-dark" : ""));
            }
            assertThat(barriers()).as(page + " in " + language + ", " + colours).isEmpty();
        }
        colours("light");
        for (WebElement target : driver.findElements(By.cssSelector("button, a.button"))) {
            assertThat(target.getSize().getHeight()).as("fits a finger").isGreaterThanOrEqualTo(44);
        }
        assertThat(driver
                .executeScript(
                        "return [...document.styleSheets].reduce((rules, sheet) => rules + sheet.cssRules.length, 0)"))
                .as("rules of the style sheet")
                .isNotEqualTo(0L);
        width(DESKTOP);
        assertThat(refusals()).as(page).isEmpty();
    }

    @Override
    public void close() {
        try {
            driver.quit();
        } catch (WebDriverException alreadyGone) {
            // nothing is left to end
        }
        try (Stream<Path> files = Files.walk(profile)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException stillBeingWritten) {
            profile.toFile().deleteOnExit();
        }
    }
}
