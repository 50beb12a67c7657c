import FaultJournal

/// What the journal says of how charges arrived, by operator and `provider_charge_id`.
struct Arrivals {
    fileprivate var byProviderID: [NamePair: Arrival] = [:]
    fileprivate var conflicts: [(id: NamePair, call: Int)] = []

    fileprivate struct Arrival {
        /// The number that the first answer gave, with its lines.
        var number = Names.none
        var lines: [Int] = []
        var isCreated = false
        /// The content of the first call, and whether another call had another one.
        let value: Name
        var differs = false
    }
}

/// *charge-twice*: one `provider_charge_id` has one number, and is `created` once. *ok-not-kept*: a charge of which an
/// answer gave the number is there at the end. Each item of `ingest` is looked up once in one table.
extension Checker {
    mutating func fileArrivals(_ call: Call, _ index: Int, _ data: AnswerData) {
        var results = ItemResults(data, operatorCode: call.operatorCode)
        for item in call.items {
            let operatorName = names.name(item.operatorCode ?? call.operatorCode)
            let id = NamePair(first: operatorName, second: names.name(item.number))
            let value = names.name(item.value)
            var arrival = arrivals.byProviderID[id] ?? Arrivals.Arrival(value: value)
            if arrival.value != value { arrival.differs = true }
            if let result = results.result(of: item) {
                switch ItemCode(text: result.code) {
                case .created: fileArrival(&arrival, item, index, operatorName, result, isCreated: true)
                case .known: fileArrival(&arrival, item, index, operatorName, result, isCreated: false)
                case .chargeConflict: arrivals.conflicts.append((id, index))
                default: break
                }
            }
            arrivals.byProviderID[id] = arrival
        }
    }

    private mutating func fileArrival(
        _ arrival: inout Arrivals.Arrival, _ item: CallItem, _ index: Int, _ operatorName: Name,
        _ result: ItemResult, isCreated: Bool
    ) {
        guard let text = result.value else { return }
        let number = names.name(text)
        let lines = calls[index].lines
        if arrival.number != Names.none, arrival.number != number {
            report(
                .chargeTwice, lines: arrival.lines + lines,
                "\(item.number) of \(names[operatorName]) is charge \(names[arrival.number]) in one answer and "
                    + "\(text) in another")
        } else if isCreated, arrival.isCreated {
            report(
                .chargeTwice, lines: arrival.lines + lines,
                "\(item.number) of \(names[operatorName]) was created twice")
        }
        if arrival.number == Names.none {
            arrival.number = number
            arrival.lines = lines
        }
        if isCreated { arrival.isCreated = true }
        let charge = chargeIndex(operatorName, number)
        if let customer = item.customer { charges[charge].customer = names.name(customer) }
        if calls[index].ended < charges[charge].arrivedBy {
            charges[charge].arrivedBy = calls[index].ended
            charges[charge].arrivalLines = lines
        }
    }

    /// Whether every charge that was known to be there is there, and each conflict had a reason.
    mutating func checkArrivals() {
        for index in charges.indices where charges[index].arrivedBy < .max && charges[index].final == nil {
            report(
                .okNotKept, lines: charges[index].arrivalLines,
                "\(title(index)) had arrived, and is not there at the end")
        }
        for (id, call) in arrivals.conflicts {
            guard let arrival = arrivals.byProviderID[id], !arrival.differs, arrival.value != Names.none
            else {
                continue
            }
            report(
                .impossibleCode, lines: calls[call].lines,
                "\(names[id.second]) of \(names[id.first]) got CHARGE_CONFLICT, though it always had one content"
            )
        }
    }
}
