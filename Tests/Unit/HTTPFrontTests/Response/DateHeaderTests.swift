import HTTPTypes
import Testing

@testable import HTTPFront

/// Tests of the header Date, whose format is in RFC 9110, section 5.6.7.
@Suite struct DateHeaderTests {
    @Test(
        "A time is written in HTTP's format",
        arguments: [
            (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
            (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"), (4_102_444_799, "Thu, 31 Dec 2099 23:59:59 GMT"),
        ])
    func aTimeIsWrittenAsHTTPDoes(_ second: Int, _ text: String) {
        #expect(DateHeader.text(second) == text)
    }

    @Test("Every response has the header Date")
    func everyAnswerHasIt() async throws {
        for (path, status) in [("/livez", 200), ("/nowhere", 404)] {
            let answer = try await TestServerFixture().send(.get, path)
            #expect(answer.status == status)
            #expect(answer.headers[.date]?.utf8.count == 29)
        }
    }
}
