import ArgumentParser

/// What names a user on the command line.
struct UserOptions: ParsableArguments {
    @Option(name: .customLong("operator"), help: "The operator's code.")
    var operatorCode: String

    @Option(help: "The user's name.")
    var username: String
}
