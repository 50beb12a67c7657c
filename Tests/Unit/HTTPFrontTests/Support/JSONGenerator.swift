import StrictJSON
@testable import HTTPFront

/// Makes documents from a seed: the same ones from the same seed, on every machine.
struct JSONGenerator: RandomNumberGenerator {
    /// Where the tests begin. They count up from each.
    static let seeds: [UInt64] = [0, 1_000_000, 2_000_000, 3_000_000]

    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    /// SplitMix64 (Steele, Lea and Flood 2014).
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func chance(_ one: Int, in many: Int) -> Bool { Int.random(in: 0..<many, using: &self) < one }

    mutating func pick<Element>(_ elements: [Element]) -> Element { elements.randomElement(using: &self)! }

    // MARK: Values

    /// Any value that is not deeper; the names of an object differ by their bytes.
    mutating func value(depth: Int) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 9 : 5), using: &self) {
        case 0: return .null
        case 1: return .boolean(chance(1, in: 2))
        case 2: return .number(number())
        case 3, 4: return .string(text())
        case 5, 6:
            return .array((0..<Int.random(in: 0...4, using: &self)).map { _ in value(depth: depth - 1) })
        default:
            let names = Set((0..<Int.random(in: 0...4, using: &self)).map { _ in Array(text().utf8) })
            // Sorted, since the order of a set changes from run to run.
            let sorted = names.sorted { $0.lexicographicallyPrecedes($1) }
            return .object(sorted.map { .init(String(decoding: $0, as: UTF8.self), value(depth: depth - 1)) })
        }
    }

    mutating func number() -> String {
        var number = chance(1, in: 3) ? "-" : ""
        number += chance(1, in: 4) ? "0" : "\(Int.random(in: 1...999, using: &self))"
        if chance(1, in: 3) { number += ".\(Int.random(in: 0...9999, using: &self))" }
        if chance(1, in: 4) {
            number += pick(["e", "E"]) + pick(["", "+", "-"]) + "\(Int.random(in: 0...40, using: &self))"
        }
        return number
    }

    mutating func text() -> String {
        let ranges: [ClosedRange<UInt32>] = [
            0x61...0x66, 0x61...0x66, 0x20...0x7E, 0x00...0x1F, 0x80...0x7FF, 0x300...0x304, 0x800...0xD7FF,
            // Without U+FEFF, which the oracle loses.
            0xE000...0xFEFE, 0xFF00...0xFFFF, 0x1_0000...0x10_FFFF,
        ]
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...6, using: &self) {
            text.append(Unicode.Scalar(UInt32.random(in: pick(ranges), using: &self))!)
        }
        return String(text)
    }

    // MARK: Documents

    /// A value as some client might write it: with spaces, and with escapes where none are needed.
    mutating func document(_ value: JSONValue) -> [UInt8] {
        space() + inner(value) + space()
    }

    private mutating func inner(_ value: JSONValue) -> [UInt8] {
        switch value {
        case .null, .boolean, .number: return Array(value.text.utf8)
        case .string(let text): return quoted(text)
        case .array(let values):
            let parts = values.map { document($0) }
            return Array("[".utf8) + (parts.isEmpty ? space() : joined(parts)) + Array("]".utf8)
        case .object(let members):
            let parts = members.map { space() + quoted($0.name) + space() + [0x3A] + document($0.value) }
            return Array("{".utf8) + (parts.isEmpty ? space() : joined(parts)) + Array("}".utf8)
        }
    }

    private func joined(_ parts: [[UInt8]]) -> [UInt8] { Array(parts.joined(separator: [0x2C])) }

    private mutating func space() -> [UInt8] {
        chance(1, in: 5)
            ? (0..<Int.random(in: 1...3, using: &self)).map { _ in pick([0x20, 0x09, 0x0A, 0x0D]) } : []
    }

    private mutating func quoted(_ text: String) -> [UInt8] {
        var written = "\""
        for scalar in text.unicodeScalars {
            let short: [Unicode.Scalar: String] = [
                "\"": #"\""#, "\\": #"\\"#, "/": #"\/"#, "\u{8}": #"\b"#, "\u{C}": #"\f"#, "\n": #"\n"#,
                "\r": #"\r"#, "\t": #"\t"#,
            ]
            let mustEscape = scalar.value < 0x20 || scalar == "\"" || scalar == "\\"
            if let escape = short[scalar], chance(1, in: 2) {
                written += escape
            } else if mustEscape || chance(1, in: 8) {
                for unit in String(scalar).utf16 { written += escape(unit) }
            } else {
                written.unicodeScalars.append(scalar)
            }
        }
        return Array(written.utf8) + [0x22]
    }

    private mutating func escape(_ unit: UInt16) -> String {
        let digits = String(unit, radix: 16, uppercase: chance(1, in: 2))
        return #"\u"# + String(repeating: "0", count: 4 - digits.count) + digits
    }
}
