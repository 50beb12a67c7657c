import Foundation
import Glibc

/// What the machine does to single processes: a wrong clock, a slow disk, a full disk. A small library in them
/// (`Tests/Faults/Preload/faults.c`) reads the numbers here.
final class Machine: Sendable {
    /// What a process is told. The raw values are the places in its control file.
    enum Setting: Int {
        case clockOffsetSeconds, fsyncDelayMilliseconds, full
    }

    /// What the processes are started with.
    let environment: [String: String]
    private let folder: String

    /// - Parameter folder: A folder that the suite makes for its own files.
    init(folder: String) throws {
        let files = FileManager.default
        try? files.removeItem(atPath: folder)
        self.folder = folder + "/control"
        try files.createDirectory(atPath: self.folder, withIntermediateDirectories: true)
        // The servers' own user passes through.
        chmod(folder, 0o755)
        let library = folder + "/faults.so"
        let compiled = ["cc", "gcc", "clang"].contains { compiler in
            (try? Shell.run(
                [compiler, "-shared", "-fPIC", "-O1", "-o", library, "Tests/Faults/Preload/faults.c", "-ldl"]))
                != nil
        }
        guard compiled else {
            throw Shell.Failure(
                description: "no C compiler compiles Tests/Faults/Preload/faults.c (cc, gcc or clang)")
        }
        environment = ["LD_PRELOAD": library, "FAULTS_CONTROL": self.folder]
        for name in Cluster.servers + Cluster.nodes {
            files.createFile(
                atPath: "\(self.folder)/\(name)", contents: Data(count: 24),
                attributes: [.posixPermissions: 0o644])
        }
    }

    /// Tells a process a number.
    func set(_ setting: Setting, _ value: Int64, of name: String) {
        let descriptor = open("\(folder)/\(name)", O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        withUnsafeBytes(of: value) { _ = pwrite(descriptor, $0.baseAddress, $0.count, setting.rawValue * 8) }
    }

    func reset() {
        for name in Cluster.servers + Cluster.nodes {
            for setting in [Setting.clockOffsetSeconds, .fsyncDelayMilliseconds, .full] {
                set(setting, 0, of: name)
            }
        }
    }
}
