import Authentication
import Charges
import Foundation
import HTTPTypes
import NIOCore
import Testing

@testable import HTTPFront

/// Tests of the pages that decide by file, and of the forms with files that they take.
@Suite struct ConsoleFileTests {
    /// A form as Chromium sends it.
    static func form(_ fields: [(String, String)], file: (name: String, content: String)?) -> String {
        var body = ""
        for (name, value) in fields {
            body += "------Boundary7\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n"
        }
        if let file {
            body +=
                "------Boundary7\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\(file.name)\"\r\n"
                + "Content-Type: text/csv\r\n\r\n\(file.content)\r\n"
        }
        return body + "------Boundary7--\r\n"
    }

    static let type = "multipart/form-data; boundary=----Boundary7"

    private func upload(
        _ fields: [(String, String)], file: (name: String, content: String)?, role: Role = .decider,
        type: String = type
    ) async throws -> (Browser, Answer) {
        let browser = Browser(TestServerFixture())
        browser.setCookie("countersign_console", try await FakeAccounts.token(role: role, audience: .console))
        try await browser.open("/console/files")
        let token = browser.hiddenFields(of: "/console/sign-out")[0]
        browser.headers[.contentType] = type
        let answer = try await browser.send(
            .post, "/console/files", body: Self.form([token] + fields, file: file), origin: "http://localhost"
        )
        return (browser, answer)
    }

    @Test(
        "A file comes in byte by byte as it was chosen, and its page shows it",
        arguments: [
            "number\r\nN1\r\n", "number\n\r\n--\n------Boundary6", "",
            "\u{FEFF}number;reference_number\nå;ß\n",
        ])
    func aFileComesIn(_ content: String) async throws {
        let key = String(repeating: "ab", count: 16)
        let (browser, answer) = try await upload(
            [("key", key), ("action", "decline")], file: ("may.csv", content))
        let uploads = browser.server.decisionFiles.uploads
        try #require(uploads.count == 1)
        #expect(uploads[0].bytes == Array(content.utf8))
        #expect(
            uploads[0].name == "may.csv" && uploads[0].action == .decline && uploads[0].key == ExactText(key))
        #expect(answer.status == 200 && answer.body.contains("<h1>File 1</h1>"))
        #expect(
            answer.body.contains("&lt;b&gt;may.csv&lt;/b&gt;")
                && answer.body.contains("&lt;b&gt;R1&lt;/b&gt;"))
    }

    @Test(
        "A file may have any name that browsers send", arguments: ["june;acme.csv", "a=b.csv", "å%22;.csv"])
    func filesHaveAnyName(_ name: String) async throws {
        let (browser, _) = try await upload([("action", "accept")], file: (name, "number\nN1\n"))
        #expect(browser.server.decisionFiles.uploads.map(\.name) == [name])
    }

    @Test("A form without a file, without an action, of another type, or cut off stores nothing")
    func wrongFormsStoreNothing() async throws {
        let file = (name: "may.csv", content: "number\nN1\n")
        for (browser, answer) in [
            try await upload([("action", "accept")], file: nil),
            try await upload([("action", "accept")], file: ("", "")),
            try await upload([("action", "steal")], file: file),
            try await upload([("action", "accept")], file: file, type: "text/plain"),
            try await upload([("action", "accept")], file: file, type: "multipart/form-data; boundary=other"),
            try await upload([("action", "accept")], file: file, role: .viewer),
        ] {
            #expect(browser.server.decisionFiles.uploads.isEmpty)
            #expect(answer.body.contains("role=\"alert\""))
        }
    }

    @Test("A file is started, resumed and cancelled", arguments: ["start", "resume", "cancel"])
    func filesAreChanged(_ action: String) async throws {
        let browser = Browser(TestServerFixture())
        try await browser.signIn()
        try await browser.open("/console/file?number=1")
        try await browser.submit("/console/file", [("action", action)])
        #expect(browser.server.decisionFiles.changes == ["\(action) 1 by alice"])
        #expect(browser.html.contains("<h1>File 1</h1>"))
    }

    @Test("A file that was cancelled promises nothing, and one without good rows cannot be started")
    func filesSayWhatBecomesOfThem() async throws {
        for (state, rows, text) in [
            (DecisionFile.State.checked, 1, "Accept 1 charge<"), (.checked, 2, "Accept 2 charges<"),
            (.checked, 0, "None of the rows would be accepted."), (.cancelled, 1, "not decided"),
        ] {
            let files = FakeDecisionFiles(state: state, decidableRows: rows)
            let browser = Browser(TestServerFixture(decisionFiles: files))
            try await browser.signIn()
            try await browser.open("/console/file?number=1")
            #expect(browser.html.contains(text), "\(state) \(rows)")
            #expect(browser.html.contains("value=\"start\"") == (state == .checked && rows > 0))
            if state == .cancelled {
                #expect(!browser.html.contains("will be") && !browser.html.contains("not known yet"))
            }
        }
    }

    @Test("Before the start a file says its sums, what it takes back, and what has no reference number")
    func checkedFilesWarn() async throws {
        let browser = Browser(
            TestServerFixture(
                charges: FakeCharges(showing: { (_) throws(RequestFailure) in
                    var charge = ConsoleDecisionTests.charge(1)
                    charge.record.listed.decision = .declined
                    charge.record.listed.decisionReferenceNumber = "R9"
                    return charge
                }),
                decisionFiles: FakeDecisionFiles(state: .checked, decidableRows: 1)))
        try await browser.signIn()
        try await browser.open("/console/file?number=1")
        for text in [
            "18.20", "<strong>1 of them has been declined before: that would be taken back.</strong>",
            "<strong>2 have no reference number.</strong>",
        ] {
            #expect(browser.html.contains(text), "\(text)")
        }
        #expect(browser.html.contains("is declined under R9 now"))
    }

    @Test("Who has uploaded a file, and administrators, see its buttons")
    func othersSeeNoButtons() async throws {
        for (username, role, sees) in [
            ("alice", Role.decider, true), ("bob", .administrator, true), ("bob", .decider, false),
            ("alice", .viewer, false),
        ] {
            let browser = Browser(TestServerFixture())
            browser.setCookie(
                "countersign_console",
                try await FakeAccounts.token(username: username, role: role, audience: .console))
            try await browser.open("/console/file?number=1")
            #expect(browser.html.contains("value=\"start\"") == sees, "\(username) \(role)")
        }
    }

    @Test("The rows with their outcomes are one file")
    func resultsAreOneFile() async throws {
        let browser = Browser(TestServerFixture())
        try await browser.signIn()
        let answer = try await browser.open("/console/file/download?number=1")
        #expect(answer.body == "line,number\n2,N1\n3,\n")
        #expect(answer.headers[.contentDisposition] == "attachment; filename=\"file-1.csv\"")
        #expect(try await browser.open("/console/file/download?number=2").status == 404)
    }
}
