/// The columns of one line of an import, read and checked. Each method returns a value, or notes the fault and returns
/// nothing, so that every fault of a line is found.
struct ImportFields {
    let line: Int
    private let values: (ImportColumn) -> String?
    /// The faults so far, in the order in which they were found.
    private(set) var faults: [ImportFault] = []

    init(line: Int, _ values: @escaping (ImportColumn) -> String?) {
        self.line = line
        self.values = values
    }

    /// The text of a column; `nil` if it is missing or empty.
    subscript(_ column: ImportColumn) -> String? {
        values(column).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Notes a fault.
    ///
    /// - Parameter reason: A sentence without its full stop, which begins with the column's name.
    mutating func refuse(_ column: ImportColumn, _ reason: String) {
        faults.append(ImportFault(line: line, column: column.rawValue, value: self[column], reason: reason))
    }

    mutating func required(_ column: ImportColumn) -> String? {
        if let text = self[column] { return text }
        refuse(column, "\(column.rawValue) is missing")
        return nil
    }

    mutating func visibleASCII(_ column: ImportColumn, maximumCount: Int) -> String? {
        text(column, "1 to \(maximumCount) visible ASCII characters") { text in
            text.utf8.count <= maximumCount && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        }
    }

    /// A name without control characters, which include U+0000.
    mutating func name(_ column: ImportColumn, maximumScalars: Int) -> String? {
        text(column, "1 to \(maximumScalars) characters without control characters") { text in
            var count = 0
            for scalar in text.unicodeScalars {
                count += 1
                if count > maximumScalars || scalar.properties.generalCategory == .control { return false }
            }
            return true
        }
    }

    /// Refuses an identifier that a spreadsheet has turned into a number and rounded, such as `1.23457E+10`. What it was
    /// cannot be known any more.
    mutating func refuseRounded(_ column: ImportColumn) {
        // Few identifiers have a plus at all; a regular expression on each would take longer than all other rules.
        guard let text = self[column], text.utf8.contains(UInt8(ascii: "+")),
            text.wholeMatch(of: /[0-9](?:[.,][0-9]+)?[Ee]\+[0-9]{2,3}/) != nil
        else { return }
        refuse(
            column,
            "\(column.rawValue) was rounded by a spreadsheet; format the column as text and export the file again"
        )
    }

    mutating func money(_ column: ImportColumn) -> Money? {
        guard let text = required(column) else { return nil }
        if let money = Money(text) { return money }
        refuse(column, "\(column.rawValue) must be an amount such as 9.90, with at most 4 decimals")
        return nil
    }

    mutating func currency(_ column: ImportColumn) -> String? {
        guard let text = required(column) else { return nil }
        if CurrencyCode.isValid(text) { return text }
        refuse(column, "\(column.rawValue) must be three capital letters, such as EUR")
        return nil
    }

    /// A calendar date, or a date and time, in a year from 1 to 9999.
    mutating func date(_ column: ImportColumn) -> Timestamp? {
        guard let text = self[column] else { return nil }
        if let date = Timestamp(text) { return date }
        refuse(column, "\(column.rawValue) must be YYYY-MM-DD or YYYY-MM-DDThh:mm:ss, without a zone")
        return nil
    }

    /// The moment at which something happened. What follows it must have a year of four digits too.
    mutating func moment(_ column: ImportColumn) -> Timestamp? {
        guard let date = date(column) else { return nil }
        if date < Self.firstMomentAfterAll { return date }
        refuse(column, "\(column.rawValue) must be in a year from 1 to 9998")
        return nil
    }

    private static let firstMomentAfterAll = Timestamp("9999-01-01")!

    mutating func choice<Choice>(_ column: ImportColumn, _: Choice.Type) -> Choice?
    where Choice: RawRepresentable<String> & CaseIterable {
        guard let text = self[column] else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        let choices = Choice.allCases.map(\.rawValue).joined(separator: ", ")
        refuse(column, "\(column.rawValue) must be one of \(choices)")
        return nil
    }

    mutating func boolean(_ column: ImportColumn) -> Bool? {
        switch self[column]?.lowercased() {
        case nil: return nil
        case "true": return true
        case "false": return false
        default:
            refuse(column, "\(column.rawValue) must be true or false")
            return nil
        }
    }

    private mutating func text(_ column: ImportColumn, _ rule: String, _ isValid: (String) -> Bool) -> String?
    {
        guard let text = self[column] else { return nil }
        if isValid(text) { return text }
        refuse(column, "\(column.rawValue) must be \(rule)")
        return nil
    }
}
