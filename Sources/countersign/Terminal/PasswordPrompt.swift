import ArgumentParser
import Authentication
import Glibc

/// The options of the commands that read a new password.
struct PasswordOptions: ParsableArguments {
    @Flag(help: "Allow a password of fewer than \(PasswordRule.minimumCharacters) characters.")
    var allowShort = false
}

/// The prompt for a new password. A terminal asks twice and hides the input; a pipe gives the first line.
enum PasswordPrompt {
    /// Reads the password.
    ///
    /// - Throws: `CommandFailure` if there is none, the two inputs differ, it is too short, or no login could use it.
    static func read(_ options: PasswordOptions) throws(CommandFailure) -> String {
        let password = try typed()
        guard PasswordRule.isWellFormed(password) else {
            throw CommandFailure(
                "a password must have at most \(PasswordRule.maximumBytes) bytes and no NUL byte")
        }
        guard options.allowShort || PasswordRule.isLongEnough(password) else {
            throw CommandFailure(
                "a password must have at least \(PasswordRule.minimumCharacters) characters; --allow-short allows a "
                    + "shorter one")
        }
        return password
    }

    private static func typed() throws(CommandFailure) -> String {
        guard isatty(STDIN_FILENO) == 1 else {
            guard let line = readLine(), !line.isEmpty else {
                throw CommandFailure(
                    "no password was given on standard input",
                    status: CommandFailure.wrongUsage)
            }
            return line
        }
        let first = unseen("Password: ")
        guard !first.isEmpty else { throw CommandFailure("the password is empty") }
        guard first.utf8.elementsEqual(unseen("Repeat the password: ").utf8) else {
            throw CommandFailure("the two passwords differ")
        }
        return first
    }

    private static func unseen(_ prompt: String) -> String {
        Terminal.write(prompt, to: STDERR_FILENO)
        var settings = termios()
        tcgetattr(STDIN_FILENO, &settings)
        var silent = settings
        silent.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent)
        defer {
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings)
            Terminal.say("")
        }
        return readLine() ?? ""
    }
}
