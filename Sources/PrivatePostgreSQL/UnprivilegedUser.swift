import Foundation
import Glibc

/// Whom the server runs as: PostgreSQL refuses to run as root.
struct UnprivilegedUser: Sendable {
    let name: String
    let userIdentifier: uid_t
    let groupIdentifier: gid_t

    /// `postgres` if there is such a user, else `nobody`; `nil` for anybody but root, who runs it as himself.
    static var forRoot: UnprivilegedUser? {
        guard getuid() == 0 else { return nil }
        for name in ["postgres", "nobody"] {
            guard let entry = getpwnam(name) else { continue }
            return UnprivilegedUser(
                name: name, userIdentifier: entry.pointee.pw_uid, groupIdentifier: entry.pointee.pw_gid)
        }
        return nil
    }

    /// Makes a folder this user's own.
    func own(_ path: String) {
        chown(path, userIdentifier, groupIdentifier)
    }

    /// What comes before a program to run it as this user.
    var prefix: [String] {
        ["setpriv", "--reuid=\(userIdentifier)", "--regid=\(groupIdentifier)", "--clear-groups"]
    }
}
