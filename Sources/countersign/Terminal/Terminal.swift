import Glibc

/// What the program says to a person.
enum Terminal {
    /// Whether standard output, or standard error, is a terminal.
    static var outputIsTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
    static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// A line on standard output, at once.
    static func show(_ line: String) {
        write(line + "\n", to: STDOUT_FILENO)
    }

    /// A line on standard error.
    static func say(_ line: String) {
        write(line + "\n", to: STDERR_FILENO)
    }

    /// What cannot be written is lost: a full disk or a reader that is gone must not end a node.
    static func write(_ text: String, to descriptor: Int32) {
        write(Array(text.utf8), to: descriptor)
    }

    static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// Text in a colour, if standard output is a terminal.
    static func styled(_ text: String, _ style: Style) -> String {
        outputIsTerminal ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
    }

    /// ECMA-48's codes.
    enum Style: String {
        case bold = "1"
        case dim = "2"
        case green = "32"
        case yellow = "33"
        case cyan = "36"
    }
}
