import Foundation

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

    func append(_ result: RunResult) throws {
        let line = try Self.json(result) + "\n"
        if !FileManager.default.fileExists(atPath: path) {
            FileManager.default.createFile(atPath: path, contents: nil)
        }
        guard let file = FileHandle(forWritingAtPath: path) else {
            throw Shell.Failure(description: "\(path) cannot be written")
        }
        defer { try? file.close() }
        try file.seekToEnd()
        try file.write(contentsOf: Data(line.utf8))
    }

    /// A result as one line of JSON.
    static func json(_ result: RunResult) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(result), as: UTF8.self)
    }
}
