import ArgumentParser

/// `countersign charges …`
struct ChargesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "charges", abstract: "The charges of all operators.",
        subcommands: [ChargesImportCommand.self, ChargesShowCommand.self])
}
