import ChargeStore

/// The share of an import that is done. The stages take about as long as their shares say; reading is not the whole of
/// the work, and neither is it the longest part.
struct ImportProgress {
    /// All of the work.
    static let whole = 1000

    /// The share of the work that is done, in thousandths. It never decreases.
    private(set) var done = 0

    /// - Parameter share: The part of the file that was read, from 0 to 1.
    mutating func read(share: Double) {
        reach(Self.readUntil * min(1, max(0, share)))
    }

    mutating func reach(_ stage: ImportStage) {
        switch stage {
        case .checking(let done, let total):
            reach(
                Self.readUntil + (Self.checkedUntil - Self.readUntil) * Double(done) / Double(max(1, total)))
        case .storing(let done, let total):
            reach(Self.checkedUntil + (1 - Self.checkedUntil) * Double(done) / Double(max(1, total)))
        }
    }

    private mutating func reach(_ share: Double) {
        done = max(done, Int(share * Double(Self.whole)))
    }

    private static let readUntil = 0.4
    private static let checkedUntil = 0.6
}
