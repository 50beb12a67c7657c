/// The columns of one line of an import, read and checked.
struct ImportFields {
    private let line: Int
    private let values: (ImportColumn) -> String?

    init(line: Int, _ values: @escaping (ImportColumn) -> String?) {
        self.line = line
        self.values = values
    }

    subscript(_ column: ImportColumn) -> String? {
        values(column).flatMap { $0.isEmpty ? nil : $0 }
    }

    func failure(_ reason: String) -> ImportFailure { ImportFailure(line: line, reason) }

    func required(_ column: ImportColumn) throws(ImportFailure) -> String {
        guard let text = self[column] else { throw failure("\(column.rawValue) is missing") }
        return text
    }

    func text(_ column: ImportColumn, _ rule: String, _ isValid: (String) -> Bool) throws(ImportFailure)
        -> String?
    {
        guard let text = self[column] else { return nil }
        guard isValid(text) else { throw failure("\(column.rawValue) must be \(rule)") }
        return text
    }

    func visibleASCII(_ column: ImportColumn, maximumCount: Int) throws(ImportFailure) -> String? {
        try text(column, "1 to \(maximumCount) visible ASCII characters") { text in
            text.utf8.count <= maximumCount && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        }
    }

    /// A name without control characters, which include U+0000.
    func name(_ column: ImportColumn, maximumScalars: Int) throws(ImportFailure) -> String? {
        try text(column, "1 to \(maximumScalars) characters without control characters") { text in
            var count = 0
            for scalar in text.unicodeScalars {
                count += 1
                if count > maximumScalars || scalar.properties.generalCategory == .control { return false }
            }
            return true
        }
    }

    func money(_ column: ImportColumn) throws(ImportFailure) -> Money {
        guard let money = Money(try required(column)) else {
            throw failure("\(column.rawValue) must be an amount such as 9.90, with at most 4 decimals")
        }
        return money
    }

    func currency(_ column: ImportColumn) throws(ImportFailure) -> String {
        let text = try required(column)
        guard CurrencyCode.isValid(text) else {
            throw failure("\(column.rawValue) must be three capital letters, such as EUR")
        }
        return text
    }

    func date(_ column: ImportColumn) throws(ImportFailure) -> Timestamp? {
        self[column] == nil ? nil : try requiredDate(column)
    }

    func requiredDate(_ column: ImportColumn) throws(ImportFailure) -> Timestamp {
        guard let date = Timestamp(try required(column)) else {
            throw failure("\(column.rawValue) must be YYYY-MM-DD or YYYY-MM-DDThh:mm:ss, without a zone")
        }
        return date
    }

    func choice<Choice>(_ column: ImportColumn, _: Choice.Type) throws(ImportFailure) -> Choice?
    where Choice: RawRepresentable<String> & CaseIterable {
        guard let text = self[column] else { return nil }
        guard let choice = Choice(rawValue: text) else {
            let choices = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw failure("\(column.rawValue) must be one of \(choices)")
        }
        return choice
    }
}
