/// The promises that a journal is checked for. The raw values are stable: outputs and controls name them.
package enum Invariant: String, CaseIterable, Sendable {
    case placeholder
}
