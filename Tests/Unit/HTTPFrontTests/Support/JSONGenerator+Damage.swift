@testable import HTTPFront

extension JSONGenerator {
    /// The same bytes with up to three of them changed, lost, doubled or put in.
    mutating func damaged(_ document: [UInt8]) -> [UInt8] {
        var bytes = document
        for _ in 0..<Int.random(in: 1...3, using: &self) {
            let place = Int.random(in: 0...bytes.count, using: &self)
            switch Int.random(in: 0..<6, using: &self) {
            case 0 where place < bytes.count: bytes.remove(at: place)
            case 1 where place < bytes.count: bytes[place] = UInt8.random(in: 0...255, using: &self)
            case 2 where place < bytes.count: bytes[place] = pick(Array(#"{}[]",:\/u0eE+-.019tfn "#.utf8))
            case 3: bytes.removeSubrange(place...)
            case 4:
                let end = Int.random(in: place...bytes.count, using: &self)
                bytes.insert(contentsOf: bytes[place..<min(end, place + 12)], at: place)
            default: bytes.insert(contentsOf: pick(Self.snippets), at: place)
            }
        }
        return bytes
    }

    /// What readers have stumbled on.
    private static let snippets: [[UInt8]] =
        [
            #"\ud83d"#, #"\ude42"#, #"\u0000"#, #"\u00"#, #"\x"#, "\"", "\\", ",", ":", "{", "}", "[", "]",
            "null",
            "true", "-", "0", ".", "e", "E+", "1e400", "1e-400", "\n", "\u{0}", "\u{7F}", "\u{FEFF}", "//",
            #""a":1,"a":2"#, #"{"é":1,"\#u{65}\#u{301}":2}"#, String(repeating: "[", count: 33),
        ].map { Array($0.utf8) }
        + [[0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82], [0x80], [0xFF]]
}
