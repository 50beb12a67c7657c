import Logging

extension Logger {
    /// The program's log, as the settings say.
    init(_ settings: Settings) {
        let format = settings.text(.logFormat)
        let isJSON = format == "json" || (format == "auto" && !Terminal.errorIsTerminal)
        self.init(label: "countersign") { label -> any LogHandler in
            isJSON
                ? JSONLogHandler(label: label, output: .standardError)
                : StreamLogHandler.standardError(label: label)
        }
        logLevel = Logger.Level(rawValue: settings.text(.logLevel)) ?? .info
        // Several nodes write into one log; a terminal shows one.
        if isJSON { self[metadataKey: "node"] = "\(NodeIdentity.text)" }
    }
}
