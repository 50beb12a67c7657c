import Charges
import Testing

/// Tests of spans of time as people write them.
@Suite struct TimeSpanTests {
    @Test(
        "A number and a unit make a span, whose text has the largest unit up to hours",
        arguments: [
            ("90s", 90, "90s"), ("120s", 120, "2m"), ("5m", 300, "5m"), ("72h", 259_200, "72h"),
            ("30d", 2_592_000, "720h"), ("10000d", 864_000_000, "240000h"),
        ])
    func spans(_ text: String, _ seconds: Int, _ shown: String) {
        #expect(TimeSpan(text: text)?.seconds == seconds)
        #expect(TimeSpan(seconds: seconds).text == shown)
    }

    @Test(
        "Other texts are none",
        arguments: ["", "h", "0h", "-1h", "1", "1.5h", "1H", "1 h", "10001s", "99999999999999999999s"])
    func others(_ text: String) {
        #expect(TimeSpan(text: text) == nil)
    }
}
