import Authentication
import Glibc

/// Reads a new password: from a terminal twice and unseen, from a pipe the first line.
enum PasswordPrompt {
    ///
    /// - Throws: `CommandFailure` if none comes, the two differ, or nobody could ever log in with it.
    static func read() throws(CommandFailure) -> String {
        let password = try typed()
        guard PasswordRule.isWellFormed(password) else {
            throw CommandFailure(
                "a password has at most \(PasswordRule.maximumBytes) bytes, none of them NUL")
        }
        return password
    }

    private static func typed() throws(CommandFailure) -> String {
        guard isatty(STDIN_FILENO) == 1 else {
            guard let line = readLine(), !line.isEmpty else {
                throw CommandFailure(
                    "the password is read from standard input, and none came",
                    status: CommandFailure.wrongUsage)
            }
            return line
        }
        let first = unseen("Password: ")
        guard !first.isEmpty else { throw CommandFailure("the password is empty") }
        guard first.utf8.elementsEqual(unseen("The same again: ").utf8) else {
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
