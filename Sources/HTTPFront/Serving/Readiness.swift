/// Says whether the node can take calls. It must answer soon.
package protocol Readiness: Sendable {
    func isReady() async -> Bool
}
