import Foundation
import Glibc
import Synchronization

/// Programs that are run to their end.
enum Shell {
    /// A program that failed, with what it printed.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private static let count = Mutex(0)

    /// Runs a program and waits for its end.
    ///
    /// Not by Foundation's `Process`, which takes a program that has left services behind for one that still runs.
    ///
    /// - Parameters:
    ///   - environment: What is added to this process' environment.
    ///   - seconds: The time after which the program is ended.
    /// - Returns: Its standard output.
    @discardableResult
    static func run(
        _ arguments: [String], environment: [String: String] = [:], input: String? = nil,
        seconds: Double = 120
    ) throws -> String {
        let number = count.withLock { count in
            count += 1
            return count
        }
        // Files, since a service that the program leaves behind would keep a pipe open.
        let base = NSTemporaryDirectory() + "countersign-faults-\(getpid())-\(number)"
        let (said, complained, asked) = (base + ".out", base + ".err", base + ".in")
        defer { for path in [said, complained, asked] { unlink(path) } }
        try (input ?? "").write(toFile: asked, atomically: false, encoding: .utf8)

        let process = try spawn(
            arguments, ProcessInfo.processInfo.environment.merging(environment) { $1 },
            [asked, said, complained])
        var status: Int32 = 0
        let deadline = ContinuousClock.now + .seconds(seconds)
        while waitpid(process, &status, WNOHANG) == 0 {
            guard ContinuousClock.now < deadline else {
                kill(-process, SIGKILL)
                waitpid(process, &status, 0)
                throw Failure(
                    description: "\(arguments.joined(separator: " ")) took longer than \(Int(seconds)) s")
            }
            pause(seconds: 0.01)
        }
        guard status == 0 else {
            let message = (try? String(contentsOfFile: complained, encoding: .utf8)) ?? ""
            throw Failure(description: "\(arguments.joined(separator: " ")) failed: \(message.suffix(600))")
        }
        return (try? String(contentsOfFile: said, encoding: .utf8)) ?? ""
    }

    /// Starts a program in a process group of its own, which a terminal's signals do not reach.
    private static func spawn(_ arguments: [String], _ environment: [String: String], _ files: [String])
        throws -> pid_t
    {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, files[0], O_RDONLY, 0)
        for descriptor in [1, 2] as [Int32] {
            posix_spawn_file_actions_addopen(
                &actions, descriptor, files[Int(descriptor)], O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))

        let words = arguments.map { strdup($0) } + [nil]
        let settings = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { for text in words + settings { free(text) } }
        var process: pid_t = 0
        let problem = posix_spawnp(&process, arguments[0], &actions, &attributes, words, settings)
        guard problem == 0 else {
            throw Failure(
                description: "\(arguments[0]) cannot be started: \(String(cString: strerror(problem)))")
        }
        return process
    }
}
