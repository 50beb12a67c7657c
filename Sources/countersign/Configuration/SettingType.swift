import HTTPFront
import LibPQ

/// The type of a setting: how its text is read.
struct SettingType<Value>: Sendable {
    /// Reads a text, or throws what is wrong with it.
    let read: @Sendable (String) throws(SettingProblem) -> Value
    /// All texts, where there are few.
    var choices: [String] = []
    /// Whether a text may contain a password.
    var isSecret = false
}

/// What is wrong with the text of a setting. It continues a sentence: "the setting port must be …".
struct SettingProblem: Error {
    let text: String

    init(_ text: String) {
        self.text = text
    }
}

extension SettingType<Int> {
    static func number(_ bounds: ClosedRange<Int>) -> SettingType {
        SettingType { text throws(SettingProblem) in
            guard let number = Int(text), bounds.contains(number) else {
                throw SettingProblem(
                    "must be a whole number from \(bounds.lowerBound) to \(bounds.upperBound), not '\(text)'")
            }
            return number
        }
    }
}

extension SettingType<Int?> {
    /// A port, or none.
    static var optionalPort: SettingType {
        SettingType { text throws(SettingProblem) in
            guard !text.isEmpty else { return nil }
            return try SettingType<Int>.number(0...65_535).read(text)
        }
    }
}

extension SettingType<Bool> {
    /// `on` or `off`.
    static var `switch`: SettingType {
        var type = SettingType { text throws(SettingProblem) in
            switch text {
            case "on": return true
            case "off": return false
            default: throw SettingProblem("must be one of on, off, not '\(text)'")
            }
        }
        type.choices = ["on", "off"]
        return type
    }
}

extension SettingType where Value: RawRepresentable<String> & CaseIterable {
    /// One of the values of an enumeration.
    static func choice(_: Value.Type) -> SettingType {
        let choices = Value.allCases.map(\.rawValue)
        var type = SettingType { text throws(SettingProblem) in
            guard let value = Value(rawValue: text) else {
                throw SettingProblem(
                    "must be one of \(choices.joined(separator: ", ")), not '\(text)'")
            }
            return value
        }
        type.choices = choices
        return type
    }
}

extension SettingType<String> {
    static var text: SettingType {
        SettingType { text throws(SettingProblem) in text }
    }

    /// A name that a log line and a metric can carry, or none.
    static var nodeName: SettingType {
        SettingType { text throws(SettingProblem) in
            guard text.utf8.count <= 50, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
                throw SettingProblem("must be 1 to 50 visible ASCII characters, not '\(text)'")
            }
            return text
        }
    }

    /// The connection string of a database, or none.
    static var connectionString: SettingType {
        var type = SettingType { text throws(SettingProblem) in
            guard !text.isEmpty else { return text }
            let problem: String?
            do throws(PostgresError) {
                problem = try ConnectionParameters(parsing: text).problem
            } catch {
                throw SettingProblem("cannot be read: \(error)")
            }
            if let problem { throw SettingProblem("cannot be used: \(problem)") }
            return text
        }
        type.isSecret = true
        return type
    }
}

extension SettingType<TrustedProxies> {
    static var networks: SettingType {
        SettingType { text throws(SettingProblem) in
            guard let proxies = TrustedProxies(text) else {
                throw SettingProblem("must be addresses or networks such as 10.0.0.0/8, not '\(text)'")
            }
            return proxies
        }
    }
}
