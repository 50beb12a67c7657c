import ChargeStore
import Charges
import DelimitedText

/// The reading of an import's file, with what the command says of it: the bar, the number of charges, and the operators
/// that get undecided ones.
final class ImportReading {
    private let source: ByteSource
    private let read: (ByteSource, ImportReceiver) throws -> Void
    private var bar: ProgressBar
    private var progress = ImportProgress()
    /// The number of charges that were read.
    private(set) var count = 0
    /// The codes of the operators that get undecided charges.
    private(set) var undecidedOperators: Set<String> = []

    /// - Parameters:
    ///   - label: The bar's label.
    ///   - read: Reads the source's charges, in the file's format.
    init(source: ByteSource, label: String, read: @escaping (ByteSource, ImportReceiver) throws -> Void) {
        self.source = source
        self.read = read
        bar = ProgressBar(label, total: source.totalBytes == nil ? nil : ImportProgress.whole)
    }

    /// Reads the file to its end, and passes on its charges and its faults.
    func run(
        take: (ImportedCharge) throws -> Void, refuse: @escaping (ImportFault) throws -> Void
    ) throws {
        try withoutActuallyEscaping(take) {
            (take: @escaping (ImportedCharge) throws -> Void) throws -> Void in
            let receiver = ImportReceiver(
                take: { [self] charge in
                    try take(charge)
                    count += 1
                    if charge.isUndecided { undecidedOperators.insert(charge.operatorCode) }
                    if count % 1000 == 0 { showReading() }
                }, refuse: refuse)
            try read(source, receiver)
        }
        showReading()
    }

    /// Shows that a part of the work after the reading is done.
    func reach(_ stage: ImportStage) {
        progress.reach(stage)
        let doing =
            switch stage {
            case .checking: "checking"
            case .storing: "storing"
            }
        bar.update(done: progress.done, note: "\(doing) \(count) charges", isNewStage: true)
    }

    func finish() {
        bar.finish()
    }

    private func showReading() {
        if let total = source.totalBytes, total > 0 {
            progress.read(share: Double(source.bytesRead) / Double(total))
        }
        bar.update(done: progress.done, note: "\(count) charges read")
    }
}
