import Charges
package import StrictJSON

extension StatementEvent {
    /// The event as one object, with the columns of the canonical file.
    package var json: JSONValue {
        .object([
            .init("event_number", .number(String(eventNumber))),
            .init("event", .string(kind.rawValue)),
            .init("number", .string(number.string)),
            .init("provider_charge_id", .string(orNull: providerChargeIdentifier?.string)),
            .init("billing_system_customer_identifier", .string(customerIdentifier.string)),
            .init("reference_number", .string(orNull: referenceNumber?.string)),
            .init("amount", .number(amount.digits)),
            .init("currency", .string(currency)),
            .init("local_currency_amount", .number(localCurrencyAmount.digits)),
            .init("local_currency", .string(localCurrency)),
            .init("revision", .number(String(revision))),
            .init("made_by", .string(madeBy)),
            .init("made_on", .string(madeOn.text)),
        ])
    }
}

extension ListedStatement {
    /// The statement as one object of a list.
    var json: JSONValue {
        let isEmpty = statement.eventCount == 0
        return .object([
            .init("number", .number(String(statement.number))),
            .init("first_event_number", isEmpty ? .null : .number(String(statement.firstEventNumber))),
            .init("last_event_number", isEmpty ? .null : .number(String(statement.lastEventNumber))),
            .init("from", .string(statement.beginsOn.text)),
            .init("to", .string(statement.endsOn.text)),
            .init("closed_on", .string(statement.closedOn.text)),
            .init("rows", .number(String(statement.eventCount))),
            .init("digest", .string(orNull: statement.digest.map(Hexadecimal.text))),
            .init("other_predecessor", .string(orNull: statement.otherPredecessor.map(Hexadecimal.text))),
            .init("totals", .array(totals.map(\.json))),
        ])
    }
}

extension StatementTotals.Total {
    fileprivate var json: JSONValue {
        .object([
            .init("event", .string(kind.rawValue)),
            .init("events", .number(String(events))),
            .init("amount", .number(amount)),
            .init("currency", .string(currency)),
            .init("local_currency_amount", .number(localCurrencyAmount)),
            .init("local_currency", .string(localCurrency)),
        ])
    }
}
