import Foundation

extension PrivatePostgreSQL {
    /// A folder that the server's user can enter: the one that is asked for, or, where it lies in a place closed to
    /// that user, one of the same name's own in /var/tmp.
    ///
    /// - Throws: If the folder cannot be made.
    package static func usableDirectory(_ preferred: String) throws(PrivatePostgreSQLError) -> String {
        guard let user = UnprivilegedUser.forRoot else { return preferred }
        let parent = (preferred as NSString).deletingLastPathComponent
        let entered = try ChildProcess.run(user.prefix + ["test", "-x", parent], workingDirectory: "/")
        return entered.succeeded ? preferred : "/var/tmp/countersign-\(shortName(of: preferred))"
    }

    /// What a server's folder holds.
    private static let entries: Set<String> = ["data", "socket", "server.log"]
    /// What begins the name of data that are being made.
    static let unfinishedPrefix = "unfinished-"

    /// Throws a server's folder away, if it is there.
    ///
    /// - Throws: If the folder holds anything that is not a server's, or a server of another process uses it.
    package static func remove(_ directory: String) throws(PrivatePostgreSQLError) {
        guard FileManager.default.fileExists(atPath: directory) else { return }
        let found = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        if let foreign = found.filter({ !entries.contains($0) && !$0.hasPrefix(unfinishedPrefix) }).min() {
            throw PrivatePostgreSQLError(
                "\(directory) is left as it is, because it holds \(foreign), which is not the database's")
        }
        let server = try PrivatePostgreSQL(Configuration(directory: directory))
        try server.refuseIfInUse()
        server.endLeftover()
        do {
            try FileManager.default.removeItem(atPath: directory)
        } catch {
            throw PrivatePostgreSQLError("the folder \(directory) cannot be removed")
        }
    }

    /// A short name made of a long path: FNV-1a (RFC 9923), 64 bits.
    static func shortName(of path: String) -> String {
        var hash: UInt64 = 14_695_981_039_346_656_037
        for byte in path.utf8 { hash = (hash ^ UInt64(byte)) &* 1_099_511_628_211 }
        return String(hash, radix: 36)
    }
}
