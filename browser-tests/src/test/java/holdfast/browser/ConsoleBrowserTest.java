package holdfast.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.AriaRole;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What people do in the console, done by a browser.
@Timeout(120)
class ConsoleBrowserTest {
    /// Without them it looks for its maker's servers and for a graphics card.
    private static final List<String> ALONE = List.of(
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run");

    private static RunningServer server;
    private static Playwright playwright;
    private static Browser browser;

    private final List<String> troubles = new ArrayList<>();
    private BrowserContext context;
    private Page page;

    @BeforeAll
    static void start() throws IOException {
        server = new RunningServer();
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(Path.of(System.getProperty("holdfast.browser")))
                        .setArgs(ALONE));
    }

    @AfterAll
    static void stop() throws IOException {
        try (var last = server) {
            if (playwright != null) {
                playwright.close();
            }
        }
    }

    @BeforeEach
    void open() {
        context = browser.newContext(new Browser.NewContextOptions().setHttpCredentials("admin", server.token));
        page = context.newPage();
        page.onPageError(troubles::add);
        page.onDialog(dialog -> {
            troubles.add("a script of somebody else ran: " + dialog.message());
            dialog.dismiss();
        });
        page.onRequest(request -> {
            if (!request.url().startsWith(server.url) && !request.url().startsWith("data:")) {
                troubles.add("the page asked " + request.url());
            }
        });
    }

    @AfterEach
    void close() {
        context.close();
        assertThat(troubles).as("errors of scripts, and requests to other hosts").isEmpty();
    }

    private void visit(String target) {
        page.navigate(server.url + target);
        assertThat(page.locator(".json")).isVisible();
    }

    private Locator button(String name) {
        return page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private Locator field(String name) {
        return page.locator("dialog .field[data-field=" + name + "]").locator("input, select, textarea").first();
    }

    private void send() {
        button("Show request").click();
        button("Send request").click();
    }

    private void awaitState(String state) {
        assertThat(page.locator("h1 .badge")).hasText(state);
    }

    @Test
    void who_does_not_log_in_sees_nothing() {
        try (var stranger = browser.newContext(new Browser.NewContextOptions().setHttpCredentials("admin", "guess"))) {
            var answer = stranger.newPage().navigate(server.url + "/v1/accounts");
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.headerValue("WWW-Authenticate")).startsWith("Basic realm=");
        }
        visit("/");
        assertThat(page).hasURL(server.url + "/v1");
        assertThat(page.locator("#who")).containsText("admin");
    }

    @Test
    void a_resource_is_made_with_a_reference_acted_on_edited_and_deleted() {
        server.ask("POST", "/v1/networks?name=lab-net", "");
        visit("/v1/subnets");
        button("Create").click();
        field("name").fill("first subnet");
        field("networkAddress").fill("10.1.0.0");
        page.locator("dialog .field[data-field=networkId] select")
                .selectOption(new com.microsoft.playwright.options.SelectOption()
                        .setLabel(page.locator("dialog .field[data-field=networkId] option")
                                .filter(new Locator.FilterOptions().setHasText("lab-net"))
                                .first()
                                .textContent()));
        button("Show request").click();
        assertThat(page.locator("dialog pre").first()).containsText("curl -u");
        button("Send request").click();
        assertThat(page).hasURL(Pattern.compile(".*/v1/subnets/1s\\d+"));
        assertThat(page.locator("h1")).containsText("first subnet");
        assertThat(page.locator(".json")).containsText(Pattern.compile("networkId: \"1n\\d+\""));
        awaitState("active");
        assertThat(button("activate")).isDisabled();

        button("Edit").click();
        field("description").fill("where machines are");
        send();
        assertThat(page.locator(".json")).containsText("where machines are");

        button("deactivate").click();
        button("Send request").click();
        awaitState("inactive");
        assertThat(button("activate")).isEnabled();
        button("Delete").click();
        button("Send request").click();
        awaitState("removed");
    }

    @Test
    void a_name_with_a_script_stays_text_wherever_it_is_shown() {
        var nasty = "</script><script>alert(1)</script><img src=x onerror=alert(2)>";
        visit("/v1/genericobjects");
        button("Create").click();
        field("name").fill(nasty);
        send();
        assertThat(page.locator("h1")).containsText(nasty);
        visit("/v1/genericobjects");
        assertThat(page.locator("table")).containsText(nasty);
        assertThat(page.locator("main img")).hasCount(0);
        button("Reload").click();
        assertThat(page.locator("table")).containsText(nasty);
    }

    @Test
    void a_key_is_shown_once_and_its_secret_is_masked_before() {
        visit("/v1/apikeys");
        button("Create").click();
        field("name").fill("from the console");
        field("role").selectOption("readonly");
        send();
        var secret = page.locator("dialog code").nth(1).textContent();
        assertThat(secret).hasSizeGreaterThan(30);
        button("I have kept it").click();
        assertThat(page.locator("h1")).containsText("from the console");
        assertThat(page.locator(".json")).not().containsText(secret);
    }

    @Test
    void what_the_server_refuses_is_told_at_the_field() {
        visit("/v1/projects");
        button("Create").click();
        field("name").fill("not a good name");
        send();
        assertThat(page.locator("dialog .failure")).containsText("InvalidCharacters");
        assertThat(field("name")).hasAttribute("aria-invalid", "true");
        assertThat(field("name")).isFocused();
        page.keyboard().press("Escape");
        assertThat(page.locator("dialog")).hasCount(0);
    }

    @Test
    void lists_are_filtered_sorted_and_paged() {
        for (int n = 1; n <= 5; n++) {
            server.ask("POST", "/v1/zones?name=zone-" + n, "");
        }
        visit("/v1/zones?limit=2&sort=name");
        assertThat(page.locator("tbody tr")).hasCount(2);
        button("Next").click();
        assertThat(page.locator("tbody tr").first()).containsText("zone-3");
        button("Previous").click();
        assertThat(page.locator("tbody tr").first()).containsText("zone-1");
        page.locator(".query summary").click();
        button("Add filter").click();
        page.getByLabel("field").selectOption("name");
        page.getByLabel("comparison").selectOption("prefix");
        page.getByLabel("value").fill("zone-4");
        button("Apply").click();
        assertThat(page.locator("tbody tr")).hasCount(1);
        assertThat(page.locator("tbody tr").first()).containsText("zone-4");
    }

    @Test
    void another_site_cannot_make_the_browser_change_anything() {
        visit("/v1/zones");
        var status = page.evaluate("""
                () => fetch('/v1/zones', {method: 'POST', body: '{"name": "stolen"}'}).then((answer) => answer.status)""");
        assertThat(status).isEqualTo(403);
        assertThat(server.ask("GET", "/v1/zones?name=stolen", "")).contains("\"data\":[]");
    }

    @Test
    void states_are_drawn_where_a_type_is_defined() {
        visit("/v1/resourcedefinitions/1rd!network");
        var picture = page.locator("figure img");
        assertThat(picture).isVisible();
        page.waitForFunction("() => document.querySelector('figure img').naturalWidth > 100");
    }

    @Test
    void everything_can_be_reached_by_the_keyboard() {
        visit("/v1/zones");
        page.keyboard().press("Tab");
        assertThat(page.getByText("To the content")).isFocused();
        button("Create").focus();
        page.keyboard().press("Enter");
        assertThat(page.locator("dialog")).isVisible();
        assertThat(field("name")).isFocused();
        var nameless = page.locator("dialog").locator("input, select, textarea").all().stream()
                .filter(one -> !((Boolean) one.evaluate("(one) => one.labels.length > 0 || one.hasAttribute('aria-label')")))
                .toList();
        assertThat(nameless).as("inputs without a label").isEmpty();
    }
}
