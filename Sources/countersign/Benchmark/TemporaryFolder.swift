import Foundation
import Glibc

/// A folder for the files of one run. Nobody else can name it beforehand, or look into it.
struct TemporaryFolder {
    let path: String

    init() throws {
        var template = Array(
            (FileManager.default.temporaryDirectory.path + "/countersign-bench-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else {
            throw CommandFailure("no folder can be made in \(FileManager.default.temporaryDirectory.path)")
        }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    func remove() {
        try? FileManager.default.removeItem(atPath: path)
    }
}
