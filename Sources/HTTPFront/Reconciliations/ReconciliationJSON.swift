import Charges
import StrictJSON

extension Reconciliation {
    /// The reconciliation as one object of a list.
    var json: JSONValue { .object(members) }

    /// The reconciliation with its totals.
    func json(totals: [ReconciliationTotal]) -> JSONValue {
        .object(members + [.init("totals", .array(totals.map(\.json)))])
    }

    private var members: [JSONValue.Member] {
        [
            .init("number", .number(String(number))),
            .init("state", .string(state.rawValue)),
            .init("from", .string(beginsOn.text)),
            .init("to", .string(endsOn.text)),
            .init("decision", .string(decision.rawValue)),
            .init("name", .string(orNull: name)),
            .init("username", .string(orNull: username)),
            .init("created_on", .string(createdOn.text)),
            .init("as_of", .string(orNull: asOf?.text)),
            .init("finished_on", .string(orNull: finishedOn?.text)),
            .init("rows", .number(String(rows))),
            .init("bytes", .number(String(bytes))),
            .init("file_digest", .string(orNull: fileDigest.map(Hexadecimal.text))),
            .init("compared_rows", .number(String(comparedRows))),
            .init("differences", .number(String(differences))),
            .init("kept_differences", .number(String(keptDifferences))),
            .init("closed_differences", .number(String(closedDifferences))),
            .init("failure", failure?.json ?? .null),
        ]
    }
}

extension ReconciliationFileFault {
    fileprivate var json: JSONValue {
        .object([
            .init("line", .number(orNull: line.map(String.init))), .init("reason", .string(reason)),
        ])
    }
}

extension ReconciliationTotal {
    fileprivate var json: JSONValue {
        .object([
            .init("class", .string(reconciliationClass.rawValue)),
            .init("side", .string(side.rawValue)),
            .init("currency", .string(orNull: currency.isEmpty ? nil : currency)),
            .init("local_currency", .string(orNull: localCurrency.isEmpty ? nil : localCurrency)),
            .init("rows", .number(String(rows))),
            .init("amount", .number(orNull: amount)),
            .init("local_currency_amount", .number(orNull: localCurrencyAmount)),
            .init("amount_difference", .number(orNull: amountDifference)),
            .init("local_currency_amount_difference", .number(orNull: localCurrencyAmountDifference)),
        ])
    }
}

extension ReconciliationDifference {
    /// The difference as one object of a page.
    var json: JSONValue {
        .object([
            .init("id", .number(String(identifier))),
            .init("class", .string(reconciliationClass.rawValue)),
            .init("line", .number(orNull: line.map(String.init))),
            .init("reason", .string(orNull: reason)),
            .init("fields", .array(fields.map(JSONValue.string))),
            .init("other_number", .string(orNull: otherNumber?.string)),
            .init("there", there?.json ?? .null),
            .init("here", here?.json ?? .null),
            .init("decided_on", .string(orNull: decidedOn?.text)),
            .init("imported", .boolean(isImported)),
            .init("closing", closing?.json ?? .null),
        ])
    }
}

extension ReconciledValues {
    /// Amounts are strings here: those of a file may be no numbers.
    fileprivate var json: JSONValue {
        .object(ReconciliationColumn.allCases.map { .init($0.rawValue, .string(orNull: self[$0])) })
    }
}

extension ReconciliationClosing {
    /// The closing as one object.
    var json: JSONValue {
        .object([
            .init("id", .number(String(difference))),
            .init("reason", .string(reason)),
            .init("username", .string(orNull: username)),
            .init("closed_on", .string(closedOn.text)),
        ])
    }
}
