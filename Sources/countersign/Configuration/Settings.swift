import StrictJSON
import Configuration
import Foundation
import HTTPFront
import LibPQ

/// The validated value and the source of every setting.
struct Settings {
    private let values: [Setting: (value: String, origin: SettingOrigin)]

    /// - Throws: `CommandFailure` that names the setting, its source and the problem.
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
                    "must be a whole number from \(bounds.lowerBound) to \(bounds.upperBound), not '\(value)'"
            }
        }
        if let choices = setting.choices, !choices.contains(value) {
            return "must be one of \(choices.joined(separator: ", ")), not '\(value)'"
        }
        if setting == .nodeName, value.utf8.count > 50 || value.contains(where: { !$0.isASCII || $0 < "!" }) {
            return "must be 1 to 50 visible ASCII characters, not '\(value)'"
        }
        if setting == .trustedProxies, TrustedProxies(value) == nil {
            return "must be addresses or networks such as 10.0.0.0/8, not '\(value)'"
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

    /// The connection string of the database.
    ///
    /// - Throws: `CommandFailure` if it is not given.
    func database() throws(CommandFailure) -> String {
        guard let database = values[.database]?.value, !database.isEmpty else {
            throw CommandFailure(
                "no database is given; use --database or \(Setting.database.environmentName)",
                status: CommandFailure.wrongUsage)
        }
        return database
    }

    /// The name, value and origin of each setting, without secrets.
    var shown: [(name: String, value: String, origin: String)] {
        Setting.allCases.map { setting in
            let origin = values[setting]?.origin ?? .byDefault
            var value = text(setting)
            if setting == .database { value = (try? ConnectionParameters(parsing: value).description) ?? "" }
            return (setting.rawValue, value, origin.text)
        }
    }
}

/// The reader of the settings. A flag overrides the environment, the environment overrides the file, and the file
/// overrides the default.
struct SettingsReader {
    let flags: [Setting: String]
    let environment: [String: String]
    /// The path of a JSON file: one object with the settings by name.
    let filePath: String?

    /// - Throws: `CommandFailure` for a file that cannot be read, an unknown setting, or a wrong value.
    func read() throws(CommandFailure) -> Settings {
        let file = try filePath.map(readFile) ?? [:]
        let sources: [(provider: any ConfigProvider, origin: (Setting) -> SettingOrigin)] = [
            (Self.provider("flags", flags), { _ in .flag }),
            (
                EnvironmentVariablesProvider(
                    environmentVariables: environment,
                    secretsSpecifier: .specific([Setting.database.environmentName])),
                { .environment($0.environmentName) }
            ),
            (Self.provider("file", file), { [filePath] _ in .file(filePath ?? "") }),
        ]
        var values: [Setting: (value: String, origin: SettingOrigin)] = [:]
        for setting in Setting.allCases {
            for (provider, origin) in sources {
                let reader = ConfigReader(provider: provider)
                guard let value = reader.string(forKey: setting.key, isSecret: setting == .database) else {
                    continue
                }
                values[setting] = (value, origin(setting))
                break
            }
        }
        return try Settings(values)
    }

    private static func provider(_ name: String, _ values: [Setting: String]) -> InMemoryProvider {
        InMemoryProvider(
            name: name,
            values: Dictionary(
                uniqueKeysWithValues: values.map { setting, value in
                    (
                        AbsoluteConfigKey(setting.key),
                        ConfigValue(.string(value), isSecret: setting == .database)
                    )
                }))
    }

    private func readFile(_ path: String) throws(CommandFailure) -> [Setting: String] {
        func failure(_ reason: String) -> CommandFailure {
            CommandFailure("the configuration file \(path) \(reason)", status: CommandFailure.wrongUsage)
        }
        guard let contents = FileManager.default.contents(atPath: path) else {
            throw failure("cannot be read")
        }
        let json: JSONValue
        do throws(JSONError) {
            json = try JSONReader.read(contents)
        } catch {
            throw failure("is not JSON: \(error)")
        }
        guard case .object(let members) = json else { throw failure("must contain a JSON object") }
        var values: [Setting: String] = [:]
        for member in members {
            guard let setting = Setting(rawValue: member.name) else {
                throw failure("has an unknown setting, \(member.name)")
            }
            switch member.value {
            case .string(let text), .number(let text): values[setting] = text
            default: throw failure("must give \(member.name) as a string or a number")
            }
        }
        return values
    }
}

extension Setting {
    /// The key of the setting in the providers: `DATABASE_URL` or `COUNTERSIGN_…` in the environment.
    fileprivate var key: ConfigKey {
        self == .database
            ? ConfigKey(["database", "url"])
            : ConfigKey(["countersign"] + rawValue.split(separator: "-").map(String.init))
    }
}

/// The source of a setting's value.
enum SettingOrigin: Equatable {
    case flag
    case environment(String)
    case file(String)
    case byDefault

    var text: String {
        switch self {
        case .flag: "flag"
        case .environment(let name): "environment \(name)"
        case .file(let path): "file \(path)"
        case .byDefault: "default"
        }
    }
}
