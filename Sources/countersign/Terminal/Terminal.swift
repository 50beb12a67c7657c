import Foundation
import Glibc

/// The output of the program for a person.
enum Terminal {
    /// Whether standard output, or standard error, is a terminal.
    static var outputIsTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
    static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// Writes a line to standard output without buffering.
    static func show(_ line: String) {
        write(line + "\n", to: STDOUT_FILENO)
    }

    /// Writes lines to standard error. Control characters in them are escaped: a name or an argument may have any.
    static func say(_ line: String) {
        write(line.escapingControls { $0 != "\n" } + "\n", to: STDERR_FILENO)
    }

    /// Writes a string. A failed write is ignored: a full disk or a closed pipe must not end a node.
    static func write(_ text: String, to descriptor: Int32) {
        write(Array(text.utf8), to: descriptor)
    }

    /// - Returns: The number of bytes that were written.
    @discardableResult
    static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            rest = rest.dropFirst(count)
        }
        return bytes.count - rest.count
    }

    /// Whether output is coloured: on a terminal with colours, unless NO_COLOR is set (no-color.org).
    private static let usesColours: Bool = {
        let environment = ProcessInfo.processInfo.environment
        let wantsNone = environment["TERM"] == "dumb" || environment["NO_COLOR", default: ""] != ""
        return outputIsTerminal && !wantsNone
    }()

    /// The text in a style, or the plain text if output is not coloured.
    static func styled(_ text: String, _ style: Style) -> String {
        usesColours ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
    }

    /// The styles, with their codes of ECMA-48.
    enum Style: String {
        case bold = "1"
        case dim = "2"
        case green = "32"
        case yellow = "33"
        case cyan = "36"
    }
}
