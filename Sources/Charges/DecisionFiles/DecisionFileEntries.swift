/// The columns of a decision file. Any other is ignored.
package enum DecisionFileColumn: String, CaseIterable, Sendable {
    case number
    case customer = "billing_system_customer_identifier"
    case referenceNumber = "reference_number"
}

/// A row of a decision file as it was read: a charge to be decided, or a fault.
package struct DecisionFileEntry: Equatable, Sendable {
    /// The row's line in the file, counted from 1.
    package let line: Int
    /// The charge's number; `nil` if there is none that can be stored.
    package private(set) var number: ExactText?
    /// The customer; `nil` if the file does not have the column, and the charge's own customer is meant.
    package private(set) var customer: ExactText?
    package private(set) var referenceNumber: ExactText?
    /// What is wrong with the row, for a person. No call has a row with a fault.
    package fileprivate(set) var fault: String?

    /// Reads a row by the rules of a call's item (`DecisionPreflight`).
    ///
    /// - Parameter cell: The text of a column; `nil` for a column that the file does not have.
    package init(line: Int, _ cell: (DecisionFileColumn) -> String?) {
        self.line = line
        number = read(.number, cell(.number) ?? "", isMandatory: true)
        if let text = cell(.customer) { customer = read(.customer, text, isMandatory: true) }
        if let text = cell(.referenceNumber) {
            referenceNumber = read(.referenceNumber, text, isMandatory: false)
        }
        guard fault == nil, let number else { return }
        let item = DecisionItem(
            number: number, billingSystemCustomerIdentifier: customer ?? "", referenceNumber: referenceNumber)
        fault = DecisionPreflight([item]).failures[0]?.description
    }

    /// The value to keep of a cell; `nil` for an empty one, and for one that cannot be stored.
    private mutating func read(_ column: DecisionFileColumn, _ text: String, isMandatory: Bool) -> ExactText?
    {
        guard !text.isEmpty else {
            if isMandatory { refuse("\(column.rawValue) is missing or empty.") }
            return nil
        }
        let exact = ExactText(text)
        guard !exact.containsNul else {
            refuse("\(column.rawValue) has a NUL character.")
            return nil
        }
        return exact
    }

    fileprivate mutating func refuse(_ reason: String) {
        if fault == nil { fault = reason }
    }
}

/// The rows of a decision file. A number or a reference number that an earlier row has makes the later one faulty, so
/// that no row depends on another, whatever calls they are in.
package struct DecisionFileEntries: Sendable {
    package private(set) var entries: [DecisionFileEntry] = []
    /// The line of each number and reference number.
    private var linesOfNumbers: [ExactText: Int] = [:]
    private var linesOfReferences: [ExactText: Int] = [:]

    package init() {}

    /// Appends the next row.
    ///
    /// - Throws: `DecisionFileFault` if there are too many.
    package mutating func append(_ entry: DecisionFileEntry) throws(DecisionFileFault) {
        guard entries.count < DecisionFile.maximumRows else {
            throw DecisionFileFault(
                line: entry.line,
                "the file has more than \(DecisionFile.maximumRows) rows; upload it in parts",
                isTooLarge: true)
        }
        var entry = entry
        if let line = Self.note(entry.number, entry.line, in: &linesOfNumbers) {
            entry.refuse("number appears on line \(line) already.")
        }
        if let line = Self.note(entry.referenceNumber, entry.line, in: &linesOfReferences) {
            entry.refuse("reference_number appears on line \(line) already.")
        }
        entries.append(entry)
    }

    /// The line on which a text appeared first, if that is an earlier one.
    private static func note(_ text: ExactText?, _ line: Int, in lines: inout [ExactText: Int]) -> Int? {
        guard let text else { return nil }
        if let earlier = lines[text] { return earlier }
        lines[text] = line
        return nil
    }
}
