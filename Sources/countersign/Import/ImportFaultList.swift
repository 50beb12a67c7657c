import ChargeStore
import Charges

/// The faults of a file, as `charges import --check` lists them.
struct ImportFaultList {
    /// The most faults that are listed.
    static let maximum = 1000

    private(set) var faults: [ImportFault] = []

    /// Thrown to end the reading.
    private struct Enough: Error {}

    /// Reads the whole file and looks for its faults: in its lines first, and then in what they say together and of
    /// charges that exist.
    init(of charges: ChargeImport, _ reading: ImportReading) throws {
        var found: [ImportFault] = []
        do {
            let together = try charges.check(atMost: Self.maximum) { take in
                let refuse = { (fault: ImportFault) throws in
                    found.append(fault)
                    if found.count == Self.maximum { throw Enough() }
                }
                do {
                    try reading.run(take: take, refuse: refuse)
                } catch let failure as ImportFailure {
                    // The header is wrong, and nothing after it can be read.
                    found.append(ImportFault(line: failure.line, reason: failure.reason))
                }
            }
            found += together
        } catch is Enough {}
        faults = found.firstByLine(atMost: Self.maximum)
    }

    /// Prints the faults, or that there are none.
    ///
    /// - Parameter count: The number of charges that were read.
    /// - Throws: `CommandFailure` with the number of faults, if there is one.
    func show(count: Int) throws(CommandFailure) {
        guard !faults.isEmpty else {
            print("No faults in \(count == 1 ? "1 charge" : "\(count) charges"). Nothing was imported.")
            return
        }
        Listing(
            columns: [.init("line", .bold), .init("column", .cyan), .init("value"), .init("hint")],
            rows: faults.map {
                [$0.line.map(String.init), $0.column, $0.value.map(Self.shortened), $0.reason]
            }
        ).show(.text)
        let number =
            switch faults.count {
            case 1: "1 fault"
            case Self.maximum: "\(Self.maximum) faults or more"
            default: "\(faults.count) faults"
            }
        throw CommandFailure("\(number); nothing was imported")
    }

    /// The longest value that is shown whole, in characters.
    private static let maximumCount = 60

    private static func shortened(_ value: String) -> String {
        value.count <= maximumCount ? value : value.prefix(maximumCount - 1) + "…"
    }
}
