import Foundation
import Glibc

/// The CPU time and memory of processes on this machine, read from Linux's proc(5).
package enum ProcessTree {
    /// The CPU seconds of one process without its ended children; `nil` if the process does not exist on this machine.
    package static func cpuSeconds(of process: Int32) -> Double? {
        statistics(process).map { $0.own }
    }

    /// The CPU seconds of a process, of its running children and of its ended children.
    package static func cpuSecondsWithChildren(of process: Int32) -> Double? {
        guard let parent = statistics(process) else { return nil }
        var seconds = parent.own + parent.ended
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        for identifier in names.compactMap({ Int32($0) }) {
            guard let child = statistics(identifier), child.parent == process else { continue }
            seconds += child.own + child.ended
        }
        return seconds
    }

    /// The CPU seconds of this process.
    package static var ownCPUSeconds: Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1_000_000 }
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }

    /// The parent of a process, if the process has this program name.
    package static func parent(of process: Int32, named name: String) -> Int32? {
        guard let found = statistics(process), found.name == name else { return nil }
        return found.parent
    }

    /// The resident memory of a process in bytes, and its peak since the last reset.
    package static func residentBytes(of process: Int32) -> (now: Int, peak: Int)? {
        guard let text = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8) else {
            return nil
        }
        func kibibytes(_ name: String) -> Int? {
            text.split(separator: "\n").first { $0.hasPrefix(name) }.flatMap { Int($0.filter(\.isNumber)) }
        }
        guard let now = kibibytes("VmRSS:"), let peak = kibibytes("VmHWM:") else { return nil }
        return (now * 1024, peak * 1024)
    }

    /// The number of threads of the machine that run, or wait for a processor.
    package static var runnableThreads: Int {
        let text = (try? String(contentsOfFile: "/proc/loadavg", encoding: .utf8)) ?? ""
        let fields = text.split(separator: " ")
        guard fields.count > 3 else { return 0 }
        return fields[3].split(separator: "/").first.flatMap { Int($0) } ?? 0
    }

    /// Resets a process's peak of resident memory, if this is permitted.
    package static func forgetPeak(of process: Int32) {
        try? "5".write(toFile: "/proc/\(process)/clear_refs", atomically: false, encoding: .utf8)
    }

    private static let ticksPerSecond = Double(sysconf(Int32(_SC_CLK_TCK)))

    private static func statistics(_ process: Int32) -> (
        name: String, parent: Int32, own: Double, ended: Double
    )? {
        guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else {
            return nil
        }
        return statistics(text)
    }

    /// Parses `/proc/PID/stat`. The name is in parentheses and may contain any character, including parentheses.
    static func statistics(_ text: String) -> (name: String, parent: Int32, own: Double, ended: Double)? {
        guard let opening = text.firstIndex(of: "("), let closing = text.lastIndex(of: ")"),
            opening < closing
        else { return nil }
        let fields = text[text.index(after: closing)...].split(separator: " ")
        guard fields.count > 14, let parent = Int32(fields[1]), let user = Double(fields[11]),
            let system = Double(fields[12]), let childUser = Double(fields[13]),
            let childSystem = Double(fields[14])
        else { return nil }
        return (
            String(text[text.index(after: opening)..<closing]), parent, (user + system) / ticksPerSecond,
            (childUser + childSystem) / ticksPerSecond
        )
    }
}
