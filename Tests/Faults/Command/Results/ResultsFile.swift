import Foundation
import Glibc

/// The file that keeps the results of runs, a JSON object a line, so that a later call continues.
struct ResultsFile {
    let path: String

    /// The results that are there.
    func read() -> [RunResult] {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return [] }
        return text.split(separator: "\n").compactMap {
            try? JSONDecoder().decode(RunResult.self, from: Data($0.utf8))
        }
    }

    /// Adds a result in one write, since suites side by side may share the file.
    func append(_ result: RunResult) throws {
        let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Shell.Failure(description: "\(path) cannot be written") }
        try FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
            .write(contentsOf: Data((try Self.json(result) + "\n").utf8))
    }

    /// A result as one line of JSON.
    static func json(_ result: RunResult) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(result), as: UTF8.self)
    }
}
