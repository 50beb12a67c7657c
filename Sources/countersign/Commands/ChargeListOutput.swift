import ArgumentParser
import Charges
import DelimitedText
import HTTPFront
import StrictJSON

/// The output of `charges list`, which is written some charges at a time.
struct ChargeListOutput {
    /// The format of the output.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case table, csv, json, ndjson
    }

    private let format: Format
    private var csv: CSVWriter
    /// The widths of the table's columns. They grow with the cells, so that what is on the screen stays as it is.
    private var widths: [Int]
    /// The number of charges written.
    private(set) var count = 0

    /// - Parameter forSpreadsheets: Whether texts that a spreadsheet would run are made harmless in CSV.
    init(_ format: Format, forSpreadsheets: Bool) {
        self.format = format
        csv = CSVWriter(forSpreadsheets: forSpreadsheets)
        widths = Self.tableColumns.map { _ in 0 }
    }

    /// Writes the next charges. None are the end.
    ///
    /// - Throws: `OutputError`.
    mutating func write(_ charges: [ChargeRecord]) throws(OutputError) {
        switch format {
        case .table: try writeTable(charges)
        case .csv: try writeCSV(charges)
        case .json, .ndjson: try writeJSON(charges)
        }
        count += charges.count
    }

    /// The columns of the table. It is for people; the other formats have all columns.
    private static let tableColumns = ChargeColumn.all.filter { column in
        [
            "number", "billing_system_customer_identifier", "local_currency_amount", "local_currency",
            "charge_status", "received_on", "decision", "decision_reference_number", "acknowledged_on",
        ].contains(column.name.description)
    }

    private mutating func writeTable(_ charges: [ChargeRecord]) throws(OutputError) {
        var rows = charges.map { charge in
            Self.tableColumns.map { $0.value(charge).text ?? "-" }
        }
        if count == 0 { rows.insert(Self.tableColumns.map(\.name.description), at: 0) }
        let table = Table(styles: [.bold] + widths.dropFirst().map { _ in nil }, rows: rows, atLeast: widths)
        widths = table.widths
        if !rows.isEmpty { try StandardOutput.write(Array((table.text + "\n").utf8)) }
    }

    private mutating func writeCSV(_ charges: [ChargeRecord]) throws(OutputError) {
        if count == 0 {
            for column in ChargeColumn.all { csv.write(column.name.description) }
            csv.endRecord()
        }
        for charge in charges {
            for column in ChargeColumn.all {
                switch column.value(charge) {
                case .number(let digits): csv.write(digits, isText: false)
                case let value: csv.write(value.text ?? "")
                }
            }
            csv.endRecord()
        }
        try StandardOutput.write(csv.bytes)
        csv.removeAll()
    }

    /// An object a line. As JSON they are the elements of one array.
    private mutating func writeJSON(_ charges: [ChargeRecord]) throws(OutputError) {
        let isArray = format == .json
        var lines: [UInt8] = []
        if isArray, count == 0 { lines.append(UInt8(ascii: "[")) }
        for (place, charge) in charges.enumerated() {
            if isArray, count + place > 0 { lines.append(UInt8(ascii: ",")) }
            var writer = JSONWriter(capacity: 768)
            ChargeJSON.write(charge, to: &writer)
            lines += writer.bytes
            lines.append(UInt8(ascii: "\n"))
        }
        if isArray, charges.isEmpty { lines += Array("]\n".utf8) }
        try StandardOutput.write(lines)
    }
}
