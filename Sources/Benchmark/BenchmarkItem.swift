/// One charge of a call, by the counts of which its names are made.
package struct BenchmarkItem: Equatable, Sendable {
    package var number: Int
    package var isKnown = true
    package var customer: Int
    package var reference: Int
}
