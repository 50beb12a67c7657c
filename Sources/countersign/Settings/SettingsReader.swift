import Configuration
import Foundation
import HTTPFront

/// Collects the settings: what a flag says holds, else the environment, else the file, else the default.
struct SettingsReader {
    let flags: [Setting: String]
    let environment: [String: String]
    /// A JSON file, one object with the settings by name.
    let filePath: String?

    /// - Throws: `CommandFailure` for a file that cannot be read, a name in it that is none, or a wrong value.
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
        guard case .object(let members) = json else { throw failure("must hold a JSON object") }
        var values: [Setting: String] = [:]
        for member in members {
            guard let setting = Setting(rawValue: member.name) else {
                throw failure("has an unknown setting, \(member.name)")
            }
            switch member.value {
            case .string(let text), .number(let text): values[setting] = text
            default: throw failure("must give \(member.name) as a text or a number")
            }
        }
        return values
    }
}

extension Setting {
    /// The key by which the providers know it: `DATABASE_URL` and `COUNTERSIGN_…` in the environment.
    fileprivate var key: ConfigKey {
        self == .database
            ? ConfigKey(["database", "url"])
            : ConfigKey(["countersign"] + rawValue.split(separator: "-").map(String.init))
    }
}
