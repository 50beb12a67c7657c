import ArgumentParser
import Foundation

/// The options of every command that uses a database: the database and the configuration file.
struct DatabaseOptions: ParsableArguments {
    @Option(help: SettingTable.shared.database.help)
    var database: String?

    @Option(
        help: ArgumentHelp(
            "A JSON file of settings, such as {\"port\": 9000}. (environment COUNTERSIGN_CONFIGURATION)",
            valueName: "file"), completion: .file(extensions: ["json"]))
    var configuration: String?

    /// All settings. These options and further flags override the environment and the file.
    ///
    /// - Parameter flags: The texts of further settings, by their names.
    func settings(_ flags: [String: String] = [:]) throws(CommandFailure) -> Settings {
        var given = flags
        given[SettingTable.shared.database.name] = database
        let environment = ProcessInfo.processInfo.environment
        return try SettingsReader(
            flags: given, environment: environment,
            filePath: configuration ?? environment["COUNTERSIGN_CONFIGURATION"]
        ).read()
    }
}

/// The options of the commands that run a node: the ports.
struct PortOptions: ParsableArguments {
    @Option(help: SettingTable.shared.port.help)
    var port: String?

    @Option(help: SettingTable.shared.internalPort.help)
    var internalPort: String?

    @Option(help: SettingTable.shared.adminPort.help)
    var adminPort: String?

    /// The texts that were given, by the settings' names.
    var flags: [String: String] {
        let table = SettingTable.shared
        return [
            table.port.name: port, table.internalPort.name: internalPort, table.adminPort.name: adminPort,
        ]
        .compactMapValues(\.self)
    }
}

/// The other options of a node: one for each row of the table that has none above.
///
/// ArgumentParser finds a type's options in its mirror, so this type's mirror shows one for each row.
struct NodeOptions: ParsableArguments, CustomReflectable {
    private static let rows = SettingTable.rows.filter { row in
        let table = SettingTable.shared
        return ![table.database.name, table.port.name, table.internalPort.name, table.adminPort.name]
            .contains(row.name)
    }

    private let options: [(key: Key, option: Option<String?>)]

    init() {
        options = Self.rows.map { row in
            (
                Key(stringValue: row.name),
                Option(
                    name: .customLong(row.name), help: row.help,
                    completion: row.choices.isEmpty ? nil : .list(row.choices))
            )
        }
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        options = try Self.rows.map { row in
            let key = Key(stringValue: row.name)
            return (key, try container.decode(Option<String?>.self, forKey: key))
        }
    }

    var customMirror: Mirror {
        Mirror(self, children: options.map { (label: $0.key.stringValue, value: $0.option) })
    }

    /// The texts that were given, by the settings' names.
    var flags: [String: String] {
        var flags: [String: String] = [:]
        for (key, option) in options { flags[key.stringValue] = option.wrappedValue }
        return flags
    }

    /// The name of a setting as a coding key.
    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) {
            self.stringValue = stringValue
        }

        init?(intValue: Int) { nil }
    }
}

extension SettingRow {
    /// The help: the description, the environment variable and the default.
    var help: ArgumentHelp {
        let fallback = defaultText.isEmpty ? "" : "; default \(defaultText)"
        return ArgumentHelp(
            "\(meaning) (environment \(environmentName)\(fallback))", valueName: valueName)
    }
}
