import Foundation
import Glibc

/// What processes of this machine have used, as Linux tells it (proc(5)).
package enum ProcessTree {
    /// The CPU seconds of one process, its ended children not included; `nil` if there is no such process here.
    package static func cpuSeconds(of process: Int32) -> Double? {
        statistics(process).map { $0.own }
    }

    /// The CPU seconds of a process, of its living children and of those that have ended.
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

    /// A process's parent, if its program has this name.
    package static func parent(of process: Int32, named name: String) -> Int32? {
        guard let found = statistics(process), found.name == name else { return nil }
        return found.parent
    }

    /// The resident memory of a process in bytes, and the most since the peak was last forgotten.
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

    /// From here on a process's peak of resident memory counts anew, where that is allowed.
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

    /// Reads `/proc/PID/stat`. The name stands in parentheses and may hold anything, parentheses too.
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
