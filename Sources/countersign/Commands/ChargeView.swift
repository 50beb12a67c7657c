import Charges
import HTTPFront
import StrictJSON

/// The output of `charges show` for one charge: the JSON of the API's `show`, and tables made from it.
struct ChargeView {
    let json: String

    init(charge: Charge) {
        var writer = JSONWriter(capacity: 2048)
        ChargeJSON.write(charge, showsProviderSide: true, to: &writer)
        json = writer.text
    }

    /// The tables: the charge's own values, its decisions and its acknowledgement.
    func text() throws -> String {
        guard case .object(let members) = try JSONReader.read(json.utf8) else { return json }
        var values: [[String]] = []
        var tables: [String] = []
        for member in members {
            switch member.value {
            case .array(let rows) where member.name == "decisions_set":
                tables.append(rows.isEmpty ? "No decisions." : table(rows))
            case .object: tables.append(table([member.value]))
            default: values.append([member.name, text(member.value)])
            }
        }
        return ([Table(styles: [.dim, .bold], rows: values).text] + tables).joined(separator: "\n\n")
    }

    /// A table of objects that have the same members.
    private func table(_ objects: [JSONValue]) -> String {
        let styles: [String: Terminal.Style] = ["decision": .cyan, "reference_number": .bold]
        let rows = objects.map { object in
            if case .object(let members) = object { members } else { [] as [JSONValue.Member] }
        }
        let header = rows.first?.map(\.name) ?? []
        return Table(
            styles: header.map { styles[$0] }, rows: [header] + rows.map { $0.map { text($0.value) } }
        ).text
    }

    private func text(_ value: JSONValue) -> String {
        switch value {
        case .string(let text), .number(let text): text
        case .array(let values) where !values.isEmpty: values.map(text).joined(separator: ", ")
        default: "-"
        }
    }
}
