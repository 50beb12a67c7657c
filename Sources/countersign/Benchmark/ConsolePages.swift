import Authentication
import Benchmark
import ChargeStore
import EmbeddedPostgres
import Foundation

/// The pages of the console, read by curl as a browser reads them: by an administrator of the operator with a history.
final class ConsolePages {
    private let environment: BenchmarkEnvironment
    private let base: String
    /// The file of the cookies.
    private let cookies: String

    /// The pages that are measured: their names and their paths below the console's.
    static let all: [(name: String, path: String)] = [
        ("overview", ""),
        ("undecided charges", "/charges"),
        ("accepted charges", "/charges?decision=ACCEPTED"),
        ("approved charges", "/charges?status=APPROVED"),
        ("charges of a customer", "/charges?customer=\(BenchmarkNames.customer(1000))"),
        ("a charge by its number", "/charges?number=\(BenchmarkNames.number(1000))"),
        ("one charge", "/charge?number=\(BenchmarkNames.number(1000))"),
        ("decisions by file", "/files"),
        ("statements", "/statements"),
        ("reconciliations", "/reconciliations"),
        ("activity", "/activity"),
        ("users and keys", "/accounts"),
        ("own password", "/password"),
    ]

    /// Adds an administrator and signs in.
    init(on environment: BenchmarkEnvironment) throws {
        self.environment = environment
        base = "http://\(environment.target.host):\(environment.target.port)/console"
        cookies = environment.folder.path + "/cookies"
        let password = APIKey().text
        let code = environment.historyOperatorCode
        _ = try environment.session.addUser(
            operatorCode: code, username: "console", passwordHash: PasswordHash(password: password).text,
            role: .administrator)
        let form = try run(["\(base)/sign-in"])
        guard let token = form.firstMatch(of: /name="form_token" value="([^"]*)"/)?.1 else {
            throw CommandFailure("the console has no form for signing in")
        }
        // The password is in a file, since every user of the machine sees a command's arguments.
        let file = environment.folder.path + "/sign-in"
        let fields = "form_token=\(token)&organisation=\(code)&username=console&password=\(password)"
        try fields.write(toFile: file, atomically: false, encoding: .utf8)
        let origin = base.dropLast("/console".count)
        _ = try run(["--header", "Origin: \(origin)", "--data", "@" + file, "\(base)/sign-in"])
    }

    /// Reads a page again and again, one at a time.
    ///
    /// - Returns: The milliseconds of each time, in ascending order.
    func read(_ path: String, times: Int) throws -> [Double] {
        let url = base + path
        let arguments = (0..<times).flatMap { _ in ["--output", "/dev/null", url] }
        let lines = try run(["--write-out", "%{http_code} %{time_total}\n"] + arguments)
            .split(separator: "\n").map { $0.split(separator: " ") }
        guard lines.count == times, lines.allSatisfy({ $0.first == "200" }) else {
            throw CommandFailure("the console did not show \(path)")
        }
        return lines.compactMap { Double($0[1]) }.map { $0 * 1000 }.sorted()
    }

    private func run(_ arguments: [String]) throws -> String {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments =
            ["curl", "--silent", "--show-error", "--fail", "--cookie", cookies, "--cookie-jar", cookies]
            + arguments
        process.standardOutput = output
        try ChildProcess.starting { try process.run() }
        defer { if process.isRunning { process.terminate() } }
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CommandFailure("curl could not read the console") }
        return text
    }
}
