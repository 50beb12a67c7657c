import ArgumentParser
import ChargeStore
import Charges
import DelimitedText
import StrictJSON

/// The output of a reconciliation: its summary and its differences.
struct ReconciliationOutput {
    /// The format of the output.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case table, csv, json
    }

    /// The most differences of a table, which is for people.
    private static let tableLength: Int64 = 50

    private let format: Format

    init(_ format: Format) {
        self.format = format
    }

    func write(
        _ reconciliation: Reconciliation, _ totals: [ReconciliationTotal], _ operatorCode: String,
        _ session: AdministrationSession
    ) throws {
        let forEach: ((ReconciliationDifference) throws -> Void) throws -> Void = { body in
            try session.forEachDifference(operatorCode: operatorCode, number: reconciliation.number, body)
        }
        switch format {
        case .table: try writeTable(reconciliation, totals, operatorCode, forEach)
        case .csv: try writeCSV(forEach)
        case .json: try writeJSON(reconciliation, totals, forEach)
        }
        if reconciliation.isTruncated {
            Terminal.say(
                "Only the first \(reconciliation.keptDifferences) differences are kept; the totals count all."
            )
        }
    }

    private func writeTable(
        _ reconciliation: Reconciliation, _ totals: [ReconciliationTotal], _ operatorCode: String,
        _ forEach: ((ReconciliationDifference) throws -> Void) throws -> Void
    ) throws {
        print(
            "Reconciliation \(reconciliation.number) of \(operatorCode): \(reconciliation.rows) rows, charges decided from "
                + "\(reconciliation.beginsOn.text) to \(reconciliation.endsOn.text) UTC, \(reconciliation.decision.rawValue)"
        )
        let names = [
            "class", "side", "currency", "local_currency", "rows", "amount", "local_currency_amount",
            "difference",
            "local_difference",
        ]
        let sums = totals.map { total in
            let isMatched = total.reconciliationClass == .matched
            return [
                Terminal.styled(total.reconciliationClass.rawValue, isMatched ? .green : .yellow),
                total.side.rawValue, total.currency, total.localCurrency, String(total.rows),
                total.amount ?? "-",
                total.localCurrencyAmount ?? "-", total.amountDifference ?? "-",
                total.localCurrencyAmountDifference ?? "-",
            ]
        }
        print(Table(styles: names.map { _ in nil }, rows: [names] + sums).text)
        var rows = [["difference", "class", "line", "number", "reference_number", "there", "here", "closed"]]
        var written: Int64 = 0
        struct Enough: Error {}
        do {
            try forEach { difference in
                guard written < Self.tableLength else { throw Enough() }
                written += 1
                rows.append(Self.tableRow(difference))
            }
        } catch is Enough {}
        guard written > 0 else { return }
        print(
            "\n" + Table(styles: [.bold, .yellow] + rows[0].dropFirst(2).map { _ in nil }, rows: rows).text)
        if reconciliation.differences > written {
            print("… \(reconciliation.differences - written) more; --format csv has them")
        }
    }

    private static func tableRow(_ difference: ReconciliationDifference) -> [String] {
        let (there, here) = (difference.there, difference.here)
        let columns = ReconciliationColumn.allCases.filter { difference.fields.contains($0.rawValue) }
        func values(_ side: ReconciledValues?) -> String {
            columns.compactMap { column in
                side?[column].map { "\(column.rawValue) \($0)" }
            }.joined(separator: ", ")
        }
        var thereText = difference.reason ?? values(there)
        if let other = difference.otherNumber { thereText += " (names \(other.string))" }
        var hereText = values(here)
        if difference.fields.contains("decided_on") {
            hereText += "decided \(difference.decidedOn?.text ?? "-")"
        }
        if difference.isImported { hereText += " (imported)" }
        return [
            String(difference.identifier), difference.reconciliationClass.rawValue,
            difference.line.map(String.init) ?? "-", here?.number ?? there?.number ?? "-",
            there?.referenceNumber ?? here?.referenceNumber ?? "-", thereText, hereText,
            difference.closing?.reason ?? "-",
        ]
    }

    private func writeCSV(_ forEach: ((ReconciliationDifference) throws -> Void) throws -> Void) throws {
        // Clerks open it with a spreadsheet.
        var csv = CSVWriter(forSpreadsheets: true)
        let names = ReconciliationColumn.allCases.map(\.rawValue)
        let header =
            ["difference", "class", "line", "fields", "reason", "other_number"] + names.map { "there_\($0)" }
            + names.map { "here_\($0)" } + [
                "decided_on", "imported", "closed_on", "closed_by", "closing_reason",
            ]
        for name in header { csv.write(name) }
        csv.endRecord()
        try forEach { difference in
            csv.write(String(difference.identifier), isText: false)
            csv.write(difference.reconciliationClass.rawValue)
            csv.write(difference.line.map(String.init) ?? "", isText: false)
            csv.write(difference.fields.joined(separator: " "))
            csv.write(difference.reason ?? "")
            csv.write(difference.otherNumber?.string ?? "")
            for side in [difference.there, difference.here] {
                for column in ReconciliationColumn.allCases {
                    csv.write(side?[column] ?? "", isText: !column.isMoney)
                }
            }
            csv.write(difference.decidedOn?.text ?? "", isText: false)
            csv.write(difference.here == nil ? "" : String(difference.isImported), isText: false)
            csv.write(difference.closing?.closedOn.text ?? "", isText: false)
            csv.write(difference.closing?.username ?? "")
            csv.write(difference.closing?.reason ?? "")
            csv.endRecord()
            if csv.bytes.count > 64 * 1024 {
                try StandardOutput.write(csv.bytes)
                csv.removeAll()
            }
        }
        try StandardOutput.write(csv.bytes)
    }

    private func writeJSON(
        _ reconciliation: Reconciliation, _ totals: [ReconciliationTotal],
        _ forEach: ((ReconciliationDifference) throws -> Void) throws -> Void
    ) throws {
        let head =
            "{\"reconciliation\":\(reconciliation.json.text),\"totals\":\(JSONValue.array(totals.map(\.json)).text)"
        try StandardOutput.write(Array((head + ",\"differences\":[").utf8))
        var isFirst = true
        try forEach { difference in
            try StandardOutput.write(Array(((isFirst ? "" : ",\n") + Self.json(difference).text).utf8))
            isFirst = false
        }
        try StandardOutput.write(Array("]}\n".utf8))
    }

    private static func json(_ difference: ReconciliationDifference) -> JSONValue {
        func side(_ values: ReconciledValues?) -> JSONValue {
            guard let values else { return .null }
            return .object(
                ReconciliationColumn.allCases.map { column in
                    .init(
                        column.rawValue,
                        column.isMoney ? .number(orNull: values[column]) : .string(orNull: values[column]))
                })
        }
        return .object([
            .init("id", .number(String(difference.identifier))),
            .init("class", .string(difference.reconciliationClass.rawValue)),
            .init("line", .number(orNull: difference.line.map(String.init))),
            .init("fields", .array(difference.fields.map(JSONValue.string))),
            .init("reason", .string(orNull: difference.reason)),
            .init("other_number", .string(orNull: difference.otherNumber?.string)),
            .init("there", side(difference.there)), .init("here", side(difference.here)),
            .init("decided_on", .string(orNull: difference.decidedOn?.text)),
            .init("imported", .boolean(difference.isImported)),
            .init("closed_on", .string(orNull: difference.closing?.closedOn.text)),
            .init("closed_by", .string(orNull: difference.closing?.username)),
            .init("closing_reason", .string(orNull: difference.closing?.reason)),
        ])
    }
}

extension Reconciliation {
    fileprivate var json: JSONValue {
        .object([
            .init("number", .number(String(number))), .init("state", .string(state.rawValue)),
            .init("name", .string(orNull: name)), .init("from", .string(beginsOn.text)),
            .init("to", .string(endsOn.text)),
            .init("decision", .string(decision.rawValue)), .init("as_of", .string(orNull: asOf?.text)),
            .init("rows", .number(String(rows))), .init("bytes", .number(String(bytes))),
            .init("file_digest", .string(orNull: fileDigest.map(Hexadecimal.text))),
            .init("differences", .number(String(differences))), .init("truncated", .boolean(isTruncated)),
            .init("closed_differences", .number(String(closedDifferences))),
            .init("failure", .string(orNull: failure?.description)),
        ])
    }
}

extension ReconciliationTotal {
    fileprivate var json: JSONValue {
        .object([
            .init("class", .string(reconciliationClass.rawValue)), .init("side", .string(side.rawValue)),
            .init("currency", .string(currency)), .init("local_currency", .string(localCurrency)),
            .init("rows", .number(String(rows))), .init("amount", .number(orNull: amount)),
            .init("local_currency_amount", .number(orNull: localCurrencyAmount)),
            .init("amount_difference", .number(orNull: amountDifference)),
            .init("local_currency_amount_difference", .number(orNull: localCurrencyAmountDifference)),
        ])
    }
}
