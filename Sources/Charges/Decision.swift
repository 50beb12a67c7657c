/// What an operator says of a charge. A charge without one is undecided.
package enum Decision: String, Sendable, CaseIterable {
    case accepted = "ACCEPTED"
    case declined = "DECLINED"
}
