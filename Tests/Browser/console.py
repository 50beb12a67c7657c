"""Goes through the console in Chromium: see scripts/console-test.

Usage: console.py ADDRESS ADMINISTRATION SCREENSHOTS FOLDER [--all | --docs]
"""

import os
import sys
import time

from axe_selenium_python import Axe
from PIL import Image
from selenium import webdriver
from selenium.common.exceptions import TimeoutException, WebDriverException
from selenium.webdriver import ActionChains
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.expected_conditions import presence_of_element_located, staleness_of
from selenium.webdriver.support.ui import WebDriverWait

address, administration, screenshots, folder = sys.argv[1:5]
looks_at_all = "--all" in sys.argv[5:]
makes_docs = "--docs" in sys.argv[5:]
# The width of a phone.
PHONE = 375
# The most bytes of a picture in the docs.
MAXIMUM_PICTURE_BYTES = 60_000
# The longest that a page, a check or a comparison may take.
PATIENCE_SECONDS = 60
# The most presses of Tab from one place of a page to another.
MOST_TABS = 400
failures = []


def fail(text):
    failures.append(text)
    print("FAILED:", text)


def browser(width=1280, dark=False, scripts=True):
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for argument in ["--headless=new", "--no-sandbox", "--disable-gpu", f"--window-size={width},900",
                     f"--user-data-dir={folder}/chromium-{width}-{dark}-{scripts}"]:
        options.add_argument(argument)
    options.add_experimental_option("prefs", {
        "profile.managed_default_content_settings.javascript": 1 if scripts else 2})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
    # A machine that is busy needs long for axe's rules.
    driver.set_script_timeout(3 * PATIENCE_SECONDS)
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {
        "features": [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]})
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
        "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600})
    return driver


def follow(driver, act):
    """Does what opens another page, and waits for that page."""
    before = driver.find_element(By.TAG_NAME, "html")
    act()
    WebDriverWait(driver, PATIENCE_SECONDS).until(staleness_of(before))
    WebDriverWait(driver, PATIENCE_SECONDS).until(presence_of_element_located((By.TAG_NAME, "footer")))


def heading(driver):
    return driver.find_element(By.TAG_NAME, "h1").text


def expect_heading(driver, text):
    found = heading(driver)
    if found != text:
        fail(f"the page is '{found}', not '{text}': {driver.current_url}")
        raise SystemExit(1)


def sign_in(driver):
    driver.get(address + "/")
    for name, value in [("organisation", "ACME"), ("username", "demo"), ("password", "demo")]:
        driver.find_element(By.NAME, name).send_keys(value)
    follow(driver, driver.find_element(By.CSS_SELECTOR, "form button").click)
    expect_heading(driver, "Overview")


def look(driver, name, title):
    """Stores a screenshot, and holds axe's rules against the page."""
    expect_heading(driver, title)
    driver.save_screenshot(f"{screenshots}/{name}.png")
    width = driver.execute_script("return document.documentElement.scrollWidth - window.innerWidth")
    if width > 0:
        fail(f"{name} is {width} pixels wider than the window")
    axe = Axe(driver)
    axe.inject()
    for finding in axe.run()["violations"]:
        text = f"{name}: {finding['id']} ({finding['impact']}): {finding['nodes'][0]['html'][:200]}"
        if finding["impact"] in ("serious", "critical"):
            fail(text)
        else:
            print("minor:", text)
    messages = [entry["message"] for entry in driver.get_log("browser") if entry["level"] == "SEVERE"
                and "Content Security Policy" in entry["message"] and "axe" not in entry["message"]]
    if messages:
        fail(f"{name}: {messages[0]}")


PAGES = [
    ("overview", "", "Overview"), ("charges", "/charges", "Charges"),
    ("charge", "/charge?number=I00000401", "Charge I00000401"), ("files", "/files", "Decide by file"),
    ("statements", "/statements", "Statements"), ("reconciliations", "/reconciliations", "Reconciliations"),
    ("reconciliation", "/reconciliation?number=1", "Reconciliation 1"),
    ("differences", "/reconciliation/differences?number=1", "Differences of reconciliation 1"),
    ("activity", "/activity", "Activity"), ("accounts", "/accounts", "Users and keys"),
    ("settings", "/settings", "Settings"),
    ("password", "/password", "Password"),
    ("decision", "/decision?action=accept&number=I00000401", "Accept charges"),
    ("missing", "/charge?number=none", "Not found"),
]


ADMINISTRATION = [
    ("overview", "", "Overview"), ("operators", "/operators", "Operators"),
    ("operator", "/operator?code=ACME", "Operator ACME"), ("provider-keys", "/provider-keys", "Provider's keys"),
    ("signing-keys", "/signing-keys", "Signing keys"), ("reports", "/reports", "Reports"),
    ("report", "/report?name=money&run=1", "money"),
    ("report-fault", "/report?name=charges-by-day&run=1&from=today", "charges-by-day"),
    ("activity", "/activity", "Activity"), ("administrators", "/administrators", "Administrators"),
    ("password", "/password", "Password"), ("missing", "/operator?code=NONE", "Not found"),
]


def look_at_administration(width, dark):
    driver = browser(width, dark)
    try:
        kind = f"{width}-{'dark' if dark else 'light'}"
        driver.get(administration + "/")
        look(driver, f"admin-sign-in-{kind}", "Sign in")
        for name, value in [("username", "admin"), ("password", "demo")]:
            driver.find_element(By.NAME, name).send_keys(value)
        follow(driver, driver.find_element(By.CSS_SELECTOR, "form button").click)
        for name, path, title in ADMINISTRATION:
            driver.get(f"{administration}/admin{path}")
            look(driver, f"admin-{name}-{kind}", title)
    finally:
        driver.quit()


def look_at_pages(width, dark):
    driver = browser(width, dark)
    try:
        kind = f"{width}-{'dark' if dark else 'light'}"
        driver.get(address + "/console")
        look(driver, f"sign-in-{kind}", "Sign in")
        sign_in(driver)
        for name, path, title in PAGES:
            driver.get(f"{address}/console{path}")
            look(driver, f"{name}-{kind}", title)
    finally:
        driver.quit()


class Keyboard:
    """A person with a keyboard alone."""

    def __init__(self, driver):
        self.driver = driver

    def press(self, *keys):
        # The keys go to whatever has the focus, as from a keyboard.
        ActionChains(self.driver).send_keys(*keys).perform()

    def follow(self):
        """Presses Enter on what opens another page."""
        follow(self.driver, lambda: self.press(Keys.ENTER))

    def reach(self, what, matches):
        """Presses Tab until the focus is on an element."""
        for _ in range(MOST_TABS):
            self.press(Keys.TAB)
            element = self.driver.switch_to.active_element
            if matches(element):
                return element
        fail(f"{what} cannot be reached by Tab on {heading(self.driver)}")
        raise SystemExit(1)

    def field(self, name):
        return self.reach(f"the field {name}", lambda element: element.get_attribute("name") == name)

    def button(self, text):
        self.reach(f"the button {text}", lambda element: element.tag_name == "button" and element.text.startswith(text))
        self.follow()

    def link(self, text):
        self.reach(f"the link {text}", lambda element: element.tag_name == "a" and element.text.startswith(text))
        self.follow()

    def until(self, what, holds):
        """Waits until something holds on a page that loads itself again, with scripts and without."""
        try:
            WebDriverWait(self.driver, PATIENCE_SECONDS, ignored_exceptions=[WebDriverException]).until(
                lambda _: holds())
        except TimeoutException:
            fail(f"{what} did not come within {PATIENCE_SECONDS} s")
            raise SystemExit(1) from None


def month(scripts):
    """What an operator's clerk does in a month, by keyboard alone."""
    began = time.monotonic()
    steps = []

    def step(text):
        steps.append((time.monotonic() - began, text))

    driver = browser(scripts=scripts)
    keyboard = Keyboard(driver)
    prefix = "KEYS-" if scripts else "PLAIN-"
    try:
        driver.get(address + "/")
        for name, value in [("organisation", "ACME"), ("username", "demo"), ("password", "demo")]:
            keyboard.field(name)
            keyboard.press(value)
        keyboard.follow()
        expect_heading(driver, "Overview")
        step("signed in")
        keyboard.link("Decide them")
        expect_heading(driver, "Charges")
        for _ in range(3):
            keyboard.field("number")
            while driver.switch_to.active_element.get_attribute("type") != "checkbox":
                keyboard.field("number")
            keyboard.press(Keys.SPACE)
        keyboard.button("Accept…")
        expect_heading(driver, "Accept charges")
        keyboard.field("prefix")
        keyboard.press(prefix)
        keyboard.field("first")
        keyboard.press("0001")
        keyboard.button("Fill in")
        keyboard.button("Check")
        expect_heading(driver, "Accept charges: check")
        if "3 can be accepted" not in driver.page_source:
            fail("the check does not say that three charges can be accepted")
        keyboard.button("Accept 3 charges")
        expect_heading(driver, "Accept charges: outcome")
        if "3 of 3 chosen: accepted" not in driver.page_source:
            fail("the outcome does not say that three charges are accepted")
        # Going back and pressing again decides nothing twice.
        driver.back()
        driver.refresh()
        step("three charges accepted under running references")

        keyboard_file(driver, keyboard, prefix)
        step("twenty charges accepted by file")

        keyboard_reconciliation(driver, keyboard, prefix)
        step("a file of two rows compared with a statement")
        keyboard.link("All differences")
        difference = keyboard.field("difference").get_attribute("value")
        keyboard.press(Keys.SPACE)
        keyboard.field("reason")
        keyboard.press("rounding")
        keyboard.button("Close the ticked differences")
        if "rounding" not in driver.page_source:
            fail(f"difference {difference} is not closed")
        step("a difference closed")
        driver.get(address + "/console")
        keyboard.link("Settings")
        keyboard.field("zone")
        keyboard.press(Keys.CONTROL, "a")
        keyboard.press("Atlantis")
        keyboard.button("Store the settings")
        if "The zone is not a name" not in driver.find_element(By.ID, "fault-zone").text:
            fail("a zone that is none is not refused beside its field")
        step("a wrong zone refused")
        driver.get(address + "/console")
        keyboard.button("Sign out")
        expect_heading(driver, "Sign in")
        step("signed out")
    finally:
        driver.quit()
    print(f"The month by keyboard, {'with' if scripts else 'without'} scripts:")
    for seconds, text in steps:
        print(f"  {seconds:6.1f} s  {text}")


def keyboard_file(driver, keyboard, prefix):
    """Uploads a file of twenty charges, and starts it."""
    driver.get(address + "/console/charges?decision=NONE&status=PENDING&order=newest")
    numbers = [link.text for link in driver.find_elements(By.CSS_SELECTOR, "tbody td a")][:20]
    path = f"{folder}/{prefix}file.csv"
    with open(path, "w", encoding="utf-8") as file:
        file.write("number,reference_number\n")
        for index, number in enumerate(numbers):
            file.write(f"{number},{prefix}F{index}\n")
    driver.get(address + "/console")
    keyboard.link("Decide by file")
    # The choice of a file is the browser's own window, which has no page.
    driver.find_element(By.NAME, "file").send_keys(path)
    keyboard.button("Upload and check")
    keyboard.until("the check of the file", lambda: "Nothing is decided yet" in driver.page_source)
    keyboard.button("Accept 20 charges")
    keyboard.until("the end of the file", lambda: ">done<" in driver.page_source)


def keyboard_reconciliation(driver, keyboard, prefix):
    """Uploads a file with a charge that is not there, first a wrong one, for the newest statement."""
    path = f"{folder}/{prefix}month.csv"
    driver.get(address + "/console")
    keyboard.link("Reconciliations")
    for content in ["amount\n9.99\n", "number,amount\nI99999998,9.99\nI99999999,9.99\n"]:
        with open(path, "w", encoding="utf-8") as file:
            file.write(content)
        keyboard.field("statement")
        # The list begins with the period; the newest statement is next.
        keyboard.press(Keys.ARROW_DOWN)
        keyboard.field("name")
        keyboard.press(Keys.CONTROL, "a")
        keyboard.press(f"{prefix}month")
        driver.find_element(By.NAME, "file").send_keys(path)
        keyboard.button("Upload and compare")
        if content.startswith("amount"):
            expect_heading(driver, "Reconciliations")
            if "line 1" not in driver.find_element(By.ID, "fault-file").text:
                fail("the line of a wrong file does not stand beside the field")
            # The statement is chosen already.
            keyboard.field("statement")
            keyboard.press(Keys.ARROW_UP)
    if not heading(driver).startswith("Reconciliation "):
        fail(f"the file is not compared: {heading(driver)}")
        raise SystemExit(1)
    keyboard.until("the end of the comparison", lambda: ">done<" in driver.page_source)


PICTURES = [
    ("console-overview", 1100, 760, ""),
    ("console-decision", 1100, 620, "/decision?action=accept&prefix=INV-&first=0001"
     "&number=I00000101&number=I00000102&number=I00000103&number=I00000104"),
    ("console-reconciliation", 1100, 620, "/reconciliation?number=1"),
    ("console-phone", PHONE, 720, "/statements"),
]


def take_pictures():
    """Takes the pictures of the docs."""
    for name, width, height, path in PICTURES:
        driver = browser(width)
        try:
            sign_in(driver)
            driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
                "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600})
            driver.get(f"{address}/console{path}")
            if name == "console-decision":
                follow(driver, driver.find_element(By.NAME, "fill").click)
                follow(driver, driver.find_element(By.XPATH, "//button[.='Check']").click)
            path = f"{screenshots}/{name}.png"
            driver.save_screenshot(path)
            # The smoothed letters have many colours, which few eyes miss.
            Image.open(path).convert("RGB").quantize(64).save(path, optimize=True)
        finally:
            driver.quit()
        size = os.path.getsize(f"{screenshots}/{name}.png")
        print(f"{name}: {size} bytes")
        if size > MAXIMUM_PICTURE_BYTES:
            fail(f"{name} has {size} bytes, more than {MAXIMUM_PICTURE_BYTES}")


if makes_docs:
    take_pictures()
    raise SystemExit(1 if failures else 0)
kinds = [(1280, False), (1280, True), (PHONE, False), (PHONE, True)] if looks_at_all else [(1280, False)]
for width, dark in kinds:
    look_at_pages(width, dark)
    look_at_administration(width, dark)
month(scripts=True)
month(scripts=False)
if failures:
    print(f"{len(failures)} failures")
    raise SystemExit(1)
print("The console passed.")
