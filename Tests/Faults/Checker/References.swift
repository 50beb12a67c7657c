import FaultJournal

/// The charge that a reference names, by the final history.
struct ReferenceOwner {
    let charge: Int
    let line: Int
    /// The first moment at which the charge may have taken it.
    var earliest: Nanoseconds
    /// The moment by which the charge had it.
    var latest: Nanoseconds
    /// How many rows say that they took it.
    var takers: Int
}

/// *reference-names-two*: (operator, reference) names one charge for ever, so all rows of history with a reference are of
/// one charge, and one of them took it. One table of references holds the owner; each row is looked up once.
extension Checker {
    mutating func referenceOwners() -> [NamePair: ReferenceOwner] {
        var owners: [NamePair: ReferenceOwner] = [:]
        for (index, charge) in charges.enumerated() {
            guard let final = charge.final else { continue }
            let decisions = zip(final.decisions, charge.windows.windows.dropFirst())
            for (row, window) in Array(decisions) + final.acknowledgements.map({ ($0, charge.acknowledged) })
            where row.reference != Names.none {
                let reference = NamePair(first: charge.operatorName, second: row.reference)
                let takers = row.takesReference ? 1 : 0
                guard let owner = owners[reference] else {
                    owners[reference] = ReferenceOwner(
                        charge: index, line: final.line, earliest: window.earliest, latest: window.latest,
                        takers: takers)
                    continue
                }
                if owner.charge != index {
                    report(
                        .referenceNamesTwo, lines: [owner.line, final.line],
                        "\(names[row.reference]) names \(title(owner.charge)) and \(title(index))")
                } else {
                    owners[reference]!.earliest = min(owner.earliest, window.earliest)
                    owners[reference]!.latest = min(owner.latest, window.latest)
                    owners[reference]!.takers += takers
                }
            }
        }
        for (reference, owner) in owners where owner.takers != 1 {
            report(
                .halfApplied, lines: [owner.line],
                "\(title(owner.charge)) has \(names[reference.second]) in its history, and took it "
                    + "\(owner.takers) times")
        }
        return owners
    }

    /// Checks the references of a `show`.
    mutating func checkReferences(_ show: ChargeFile.Show, _ index: Int, _ owners: [NamePair: ReferenceOwner])
    {
        for name in show.references {
            let owner = owners[NamePair(first: charges[index].operatorName, second: name)]
            if let owner, owner.charge != index {
                report(
                    .referenceNamesTwo, lines: calls[show.call].lines + [owner.line],
                    "\(names[name]) named \(title(index)) in an answer, and names \(title(owner.charge)) at the end"
                )
            } else if owner == nil {
                reportNever(
                    show.call, isRead: true, "show gives \(names[name]) as a reference of \(title(index))")
            }
        }
    }

    /// Checks the calls of `show` that found nothing.
    mutating func checkNotFound(owners: [NamePair: ReferenceOwner]) {
        for miss in notFound {
            let call = calls[miss.call]
            if let charge = miss.charge {
                guard charges[charge].final != nil, charges[charge].arrivedBy < call.sent else { continue }
                report(
                    .staleRead, lines: call.lines + charges[charge].arrivalLines,
                    "show did not find \(title(charge)), which was there")
            } else if let owner = owners[miss.reference], owner.latest < call.sent {
                report(
                    .staleRead, lines: call.lines + [owner.line],
                    "show did not find \(title(owner.charge)) by \(names[miss.reference.second]), which named it"
                )
            }
        }
    }
}
