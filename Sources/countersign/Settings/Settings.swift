import HTTPFront
import LibPQ

/// Every setting's value, checked, with where it came from.
struct Settings {
    private let values: [Setting: (value: String, origin: SettingOrigin)]

    /// - Throws: `CommandFailure` naming the setting, what is wrong with it, and where it came from.
    init(_ values: [Setting: (value: String, origin: SettingOrigin)]) throws(CommandFailure) {
        self.values = values
        for setting in Setting.allCases {
            guard let (value, origin) = values[setting] else { continue }
            if let problem = Self.problem(setting, value) {
                throw CommandFailure(
                    "the setting \(setting.rawValue) (\(origin.text)) \(problem)",
                    status: CommandFailure.wrongUsage)
            }
        }
    }

    private static func problem(_ setting: Setting, _ value: String) -> String? {
        if let bounds = setting.bounds {
            guard let number = Int(value), bounds.contains(number) else {
                return
                    "must be a whole number from \(bounds.lowerBound) to \(bounds.upperBound), and is '\(value)'"
            }
        }
        if let choices = setting.choices, !choices.contains(value) {
            return "must be one of \(choices.joined(separator: ", ")), and is '\(value)'"
        }
        if setting == .nodeName, value.utf8.count > 50 || value.contains(where: { !$0.isASCII || $0 < "!" }) {
            return "must be 1 to 50 visible ASCII characters, and is '\(value)'"
        }
        if setting == .trustedProxies, TrustedProxies(value) == nil {
            return "must be addresses or networks such as 10.0.0.0/8, and is '\(value)'"
        }
        if setting == .database {
            do throws(PostgresError) {
                if let problem = try ConnectionParameters(parsing: value).problem {
                    return "cannot be used: \(problem)"
                }
            } catch {
                return "cannot be read: \(error)"
            }
        }
        return nil
    }

    func text(_ setting: Setting) -> String { values[setting]?.value ?? setting.defaultValue ?? "" }

    func number(_ setting: Setting) -> Int { Int(text(setting)) ?? 0 }

    /// The database, which must have been given.
    func database() throws(CommandFailure) -> String {
        guard let database = values[.database]?.value, !database.isEmpty else {
            throw CommandFailure(
                "no database is given; use --database or \(Setting.database.environmentName)",
                status: CommandFailure.wrongUsage)
        }
        return database
    }

    /// Each setting's name, value and origin, secrets hidden.
    var shown: [(name: String, value: String, origin: String)] {
        Setting.allCases.map { setting in
            let origin = values[setting]?.origin ?? .byDefault
            var value = text(setting)
            if setting == .database { value = (try? ConnectionParameters(parsing: value).description) ?? "" }
            return (setting.rawValue, value, origin.text)
        }
    }
}
