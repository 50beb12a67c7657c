import StrictJSON
import Configuration
import Foundation
import LibPQ

/// The value of every setting, typed as its row in `SettingTable`, and its source.
@dynamicMemberLookup struct Settings {
    /// The texts that were given, by the settings' names.
    private let given: [String: (text: String, origin: SettingOrigin)]

    /// - Throws: `CommandFailure` that names the setting, its source and the problem.
    init(_ given: [String: (text: String, origin: SettingOrigin)]) throws(CommandFailure) {
        self.given = given
        for row in SettingTable.rows {
            guard let (text, origin) = given[row.name], let problem = row.problem(text) else { continue }
            throw CommandFailure(
                "the setting \(row.name) (\(origin.text)) \(problem)", status: CommandFailure.wrongUsage)
        }
    }

    subscript<Value>(dynamicMember row: KeyPath<SettingTable, Setting<Value>>) -> Value {
        let setting = SettingTable.shared[keyPath: row]
        do throws(SettingProblem) {
            return try setting.type.read(text(setting))
        } catch {
            // What was given has been checked, and a test checks the defaults.
            preconditionFailure("the setting \(setting.name) \(error.text)")
        }
    }

    private func text(_ row: any SettingRow) -> String { given[row.name]?.text ?? row.defaultText }

    /// The connection string of the database.
    ///
    /// - Throws: `CommandFailure` if it is not given.
    func requiredDatabase() throws(CommandFailure) -> String {
        guard !self.database.isEmpty else {
            throw CommandFailure(
                "no database is given; set \(SettingTable.shared.database.environmentName), or use --database",
                status: CommandFailure.wrongUsage)
        }
        return self.database
    }

    /// The name, value and origin of each setting, without secrets.
    var shown: [(name: String, value: String, origin: String)] {
        SettingTable.rows.map { row in
            let origin = given[row.name]?.origin ?? .byDefault
            var value = text(row)
            if row.isSecret { value = (try? ConnectionParameters(parsing: value).description) ?? "" }
            return (row.name, value, origin.text)
        }
    }
}

/// The reader of the settings. A flag overrides the environment, the environment overrides the file, and the file
/// overrides the default.
struct SettingsReader {
    /// The texts of the flags, by the settings' names.
    let flags: [String: String]
    let environment: [String: String]
    /// The path of a JSON file: one object with the settings by name.
    let filePath: String?

    /// - Throws: `CommandFailure` for a file that cannot be read, an unknown setting, or a wrong value.
    func read() throws(CommandFailure) -> Settings {
        let file = try filePath.map(readFile) ?? [:]
        let sources: [(provider: any ConfigProvider, origin: (any SettingRow) -> SettingOrigin)] = [
            (Self.provider("flags", flags), { _ in .flag }),
            (
                EnvironmentVariablesProvider(
                    environmentVariables: environment,
                    secretsSpecifier: .specific(
                        Set(SettingTable.rows.filter(\.isSecret).map(\.environmentName)))),
                { .environment($0.environmentName) }
            ),
            (Self.provider("file", file), { [filePath] _ in .file(filePath ?? "") }),
        ]
        var given: [String: (text: String, origin: SettingOrigin)] = [:]
        for row in SettingTable.rows {
            for (provider, origin) in sources {
                let reader = ConfigReader(provider: provider)
                guard let text = reader.string(forKey: row.key, isSecret: row.isSecret) else {
                    continue
                }
                given[row.name] = (text, origin(row))
                break
            }
        }
        return try Settings(given)
    }

    private static func provider(_ name: String, _ texts: [String: String]) -> InMemoryProvider {
        InMemoryProvider(
            name: name,
            values: Dictionary(
                uniqueKeysWithValues: SettingTable.rows.compactMap { row in
                    texts[row.name].map {
                        (AbsoluteConfigKey(row.key), ConfigValue(.string($0), isSecret: row.isSecret))
                    }
                }))
    }

    private func readFile(_ path: String) throws(CommandFailure) -> [String: String] {
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
        var texts: [String: String] = [:]
        for member in members {
            guard SettingTable.rows.contains(where: { $0.name == member.name }) else {
                throw failure("has an unknown setting, \(member.name)")
            }
            switch member.value {
            case .string(let text), .number(let text): texts[member.name] = text
            default: throw failure("must give \(member.name) as a string or a number")
            }
        }
        return texts
    }
}

extension SettingRow {
    /// The key of the setting in the providers: `DATABASE_URL` or `COUNTERSIGN_…` in the environment.
    fileprivate var key: ConfigKey {
        isDatabase
            ? ConfigKey(["database", "url"])
            : ConfigKey(["countersign"] + name.split(separator: "-").map(String.init))
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
