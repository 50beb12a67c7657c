import StrictJSON
import Foundation

@testable import HTTPFront

/// What Foundation reads in a document, and where it is known to differ from the contract.
struct FoundationOracle {
    private let root: Any
    /// Foundation loses U+FEFF from the beginning of texts and of their parts. What it reads then says nothing.
    private let isDistorted: Bool

    /// - Returns: `nil` if Foundation refuses the document.
    init?(_ document: [UInt8]) {
        let read = try? JSONSerialization.jsonObject(with: Data(document), options: .fragmentsAllowed)
        guard let read else { return nil }
        root = read
        isDistorted = document.indices.contains { document[$0...].starts(with: [0xEF, 0xBB, 0xBF]) }
    }

    /// Why Foundation takes a document that the contract has refused.
    enum Leniency {
        /// Foundation keeps the last of two members of one name; which one was meant is unknown.
        case duplicateName
        /// Foundation goes 512 deep.
        case depth
        /// Foundation takes `[1,]` and `{"a":1,}`, which RFC 8259 has not.
        case commaAtTheEnd
        /// Foundation guesses UTF-16 and UTF-32 by NULs and byte order marks; the contract has UTF-8 alone.
        case encoding

        init?(_ error: JSONError?, _ document: [UInt8]) {
            switch error {
            case .duplicateKey: self = .duplicateName
            case .tooDeep: self = .depth
            case .unexpected where Self.isGuessed(document): self = .encoding
            case .unexpected(_, let offset) where Self.endsAListAfterAComma(document, at: offset):
                self = .commaAtTheEnd
            default: return nil
            }
        }

        private static func isGuessed(_ document: [UInt8]) -> Bool {
            let marks: [[UInt8]] = [[0xEF, 0xBB, 0xBF], [0xFF, 0xFE], [0xFE, 0xFF]]
            return document.prefix(4).contains(0) || marks.contains { document.starts(with: $0) }
        }

        private static func endsAListAfterAComma(_ document: [UInt8], at offset: Int) -> Bool {
            let before = document[..<offset].last { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
            let brackets = Array("]}".utf8)
            return before == UInt8(ascii: ",") && offset < document.count
                && brackets.contains(document[offset])
        }
    }

    /// Foundation passes numbers through `Double` and refuses those that are too large for it; ours keep their
    /// digits.
    static func holdsANumberBeyondDouble(_ value: JSONValue) -> Bool {
        switch value {
        case .number(let digits): Double(digits).map { !$0.isFinite } ?? true
        case .array(let values): values.contains(where: holdsANumberBeyondDouble)
        case .object(let members): members.contains { holdsANumberBeyondDouble($0.value) }
        case .string, .boolean, .null: false
        }
    }

    /// Whether both have read the same: texts by their bytes, numbers as far as `Double` can tell them apart.
    func agrees(with value: JSONValue) -> Bool { isDistorted || Self.agree(root, value) }

    private static func agree(_ oracle: Any, _ value: JSONValue) -> Bool {
        switch value {
        case .null: return oracle is NSNull
        case .boolean(let flag): return (oracle as? Bool) == flag
        case .number(let digits):
            guard let number = (oracle as? NSNumber)?.doubleValue, let own = Double(digits) else {
                return false
            }
            return number == own || abs(number - own) <= abs(own) * 1e-15
        case .string(let text): return (oracle as? String)?.utf8.elementsEqual(text.utf8) == true
        case .array(let values):
            guard let others = oracle as? [Any], others.count == values.count else { return false }
            return zip(others, values).allSatisfy { agree($0, $1) }
        case .object(let members):
            // Foundation holds names that are canonically equal once, with the last value.
            let distinct = Dictionary(members.map { ($0.name, $0.value) }) { _, last in last }
            guard let others = oracle as? [String: Any], others.count == distinct.count else { return false }
            return distinct.allSatisfy { name, value in others[name].map { agree($0, value) } == true }
        }
    }
}
