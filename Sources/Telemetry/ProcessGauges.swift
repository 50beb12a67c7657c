import Foundation
import Glibc

/// The process' use of the machine, from Linux's /proc (proc(5)). A value that cannot be read is left out.
package struct ProcessGauges: GaugeSource {
    package init() {}

    package func gauges(deadline: ContinuousClock.Instant) async -> [Gauge] {
        var gauges: [Gauge] = []
        if let fields = Self.statusFields {
            func field(_ number: Int) -> Double { fields.count > number - 3 ? fields[number - 3] : 0 }
            let ticksPerSecond = Double(sysconf(Int32(_SC_CLK_TCK)))
            gauges += [
                Gauge(.processCPUSeconds, value: (field(14) + field(15)) / ticksPerSecond),
                Gauge(.processVirtualMemory, value: field(23)),
                Gauge(.processResidentMemory, value: field(24) * Double(sysconf(Int32(_SC_PAGESIZE)))),
            ]
            if let boot = Self.bootTime {
                gauges.append(Gauge(.processStartTime, value: boot + field(22) / ticksPerSecond))
            }
        }
        if let open = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count {
            gauges.append(Gauge(.processOpenDescriptors, value: Double(open)))
        }
        if let most = Self.maximumDescriptors {
            gauges.append(Gauge(.processMaximumDescriptors, value: most))
        }
        return gauges
    }

    /// The fields of /proc/self/stat from the third on. The second, the name in parentheses, may have spaces in it.
    private static var statusFields: [Double]? {
        text("stat")?.split(separator: ")").last.map { $0.split(separator: " ").map { Double($0) ?? 0 } }
    }

    /// When the machine started, in seconds since 1970.
    private static let bootTime: Double? = number(
        "btime ", in: try? String(contentsOfFile: "/proc/stat", encoding: .utf8))

    private static var maximumDescriptors: Double? { number("Max open files", in: text("limits")) }

    private static func text(_ name: String) -> String? {
        try? String(contentsOfFile: "/proc/self/\(name)", encoding: .utf8)
    }

    /// The first number of the line that begins with some words.
    private static func number(_ beginning: String, in text: String?) -> Double? {
        text?.split(separator: "\n").first { $0.hasPrefix(beginning) }
            .flatMap { $0.dropFirst(beginning.count).split(separator: " ").first.flatMap { Double($0) } }
    }
}
