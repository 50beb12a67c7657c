import Authentication
import Benchmark
import ChargeStore
import Charges
import EmbeddedPostgres
import Foundation
import StrictJSON

/// The statements and reconciliations of the operator with a history, transferred by curl as an operator does.
final class FileTransfers {
    /// The number of rows of the file that is uploaded.
    let lines: Int
    /// The comparisons that `goOn` has completed.
    private(set) var comparisons = 0

    private let environment: BenchmarkEnvironment
    private let operatorCode: String
    private let token: String
    private let file: String
    private var upload: Process?
    /// The number of the reconciliation that is compared now.
    private var comparing: Int?

    /// - Parameter lines: The number of decided charges, for which the file has a row each. In one row of a hundred the
    ///   amount differs.
    init(on environment: BenchmarkEnvironment, lines: Int) throws {
        self.environment = environment
        self.lines = lines
        operatorCode = environment.historyOperatorCode
        let key = APIKey()
        try environment.session.addKey(operatorCode: operatorCode, name: "transfers", hash: key.hash)
        token = try environment.token(of: key)
        file = environment.folder.path + "/reconciliation.csv"
        try write()
    }

    private func write() throws {
        var text = "number,reference_number,billing_system_customer_identifier,amount,currency\n"
        text.reserveCapacity(60 * lines)
        for count in 1...(lines / 9 * 10) where count % 10 < 9 {
            let cents = 699 + count % 1600 + (count % 100 == 0 ? 1 : 0)
            let reference = count % 10 < 8 ? BenchmarkNames.historyReference(count) : ""
            text += "\(BenchmarkNames.number(count)),\(reference),\(BenchmarkNames.customer(count / 5)),"
            text += "\(cents / 100).\(cents % 100 < 10 ? "0" : "")\(cents % 100),USD\n"
        }
        try text.write(toFile: file, atomically: false, encoding: .utf8)
    }

    /// Closes the statement under way, and waits until the node has computed its digest, as it does at the end of a day.
    func closeStatement() throws -> (statement: ClosedStatement, seconds: Double) {
        let began = ContinuousClock.now
        var statement = try environment.session.endStatement(operatorCode: operatorCode)
        while statement.digest == nil {
            try Interruption.pause(until: .now + .milliseconds(50))
            statement = try environment.session.newest(of: statement.operatorIdentifier)
        }
        return (statement, (ContinuousClock.now - began) / .seconds(1))
    }

    /// Downloads a statement.
    ///
    /// - Returns: The seconds that it took.
    func download(statement number: Int) throws -> Double {
        let began = ContinuousClock.now
        try wait(for: curl(["-o", "/dev/null", url("statements/download?number=\(number)")]))
        return (ContinuousClock.now - began) / .seconds(1)
    }

    /// Uploads the file, and waits until it is compared.
    ///
    /// - Returns: The seconds of the upload, and those from then on.
    func reconcile() throws -> (uploaded: Double, compared: Double) {
        let began = ContinuousClock.now
        try wait(for: startUpload())
        let uploaded = ContinuousClock.now
        let number = try uploadedNumber()
        while try !isCompared(number) { try Interruption.pause(until: .now + .milliseconds(20)) }
        return ((uploaded - began) / .seconds(1), (ContinuousClock.now - uploaded) / .seconds(1))
    }

    /// Keeps a comparison under way. Call it repeatedly.
    func goOn() throws {
        if let upload {
            if upload.isRunning { return }
            try requireSuccess(of: upload)
            self.upload = nil
            comparing = try uploadedNumber()
        }
        if let comparing {
            guard try isCompared(comparing) else { return }
            comparisons += 1
            self.comparing = nil
        }
        upload = try startUpload()
    }

    /// Ends the upload in progress. A comparison that has begun goes on.
    func stop() {
        upload?.terminate()
        upload?.waitUntilExit()
        upload = nil
    }

    private func startUpload() throws -> Process {
        try curl([
            "-o", environment.folder.path + "/created.json", "--data-binary", "@" + file,
            url("reconciliations/create?from=2000-01-01&to=2100-01-01"),
        ])
    }

    private func uploadedNumber() throws -> Int {
        let created = try Data(contentsOf: URL(filePath: environment.folder.path + "/created.json"))
        guard
            case .number(let number)? = try JSONReader.read(Array(created))["data"]?["reconciliation"]?[
                "number"],
            let number = Int(number)
        else { throw CommandFailure("the file was not taken: \(String(decoding: created, as: UTF8.self))") }
        return number
    }

    private func isCompared(_ number: Int) throws -> Bool {
        let found = try environment.session.reconciliation(operatorCode: operatorCode, number: number)
        switch found.reconciliation.state {
        case .done:
            guard found.reconciliation.rows == Int64(lines) else {
                throw CommandFailure("\(found.reconciliation.rows) of \(lines) rows were stored")
            }
            return true
        case .failed: throw CommandFailure("the reconciliation failed")
        default: return false
        }
    }

    private func url(_ path: String) -> String {
        "http://\(environment.target.host):\(environment.target.port)/crmapi/rest/v2/netflix/\(path)"
    }

    private func curl(_ arguments: [String]) throws -> Process {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        // The token is in a header file, since every user of the machine sees a command's arguments.
        let header = environment.folder.path + "/header"
        try "Authorization: Bearer \(token)\n".write(toFile: header, atomically: false, encoding: .utf8)
        process.arguments =
            ["curl", "--silent", "--show-error", "--fail", "--header", "@" + header] + arguments
        try ChildProcess.starting { try process.run() }
        return process
    }

    private func wait(for process: Process) throws {
        defer { if process.isRunning { process.terminate() } }
        while process.isRunning { try Interruption.pause(until: .now + .milliseconds(5)) }
        try requireSuccess(of: process)
    }

    private func requireSuccess(of process: Process) throws {
        guard process.terminationStatus == 0 else { throw CommandFailure("a transfer by curl failed") }
    }
}
