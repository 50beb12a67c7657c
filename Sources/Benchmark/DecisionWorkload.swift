package import NIOCore

/// Accept and decline calls as bytes.
package struct DecisionWorkload: Workload {
    private let series: DecisionSeries
    /// By operator: the heads of accept and of decline.
    private let heads: [(accept: String, decline: String)]
    private let item: ItemTemplate

    /// - Parameters:
    ///   - tokens: By operator of the series.
    ///   - tag: What tells this run's reference numbers from those of others.
    package init(_ series: DecisionSeries, target: HTTPTarget, tokens: [String], tag: String) {
        precondition(tokens.count == series.operators.count)
        self.series = series
        heads = tokens.map { token in
            func head(_ call: String) -> String {
                target.head("POST", "netflix/charges/\(call)", authorization: "Bearer \(token)")
            }
            return (head("accept"), head("decline"))
        }
        item = ItemTemplate(tag: tag)
    }

    package func write(to buffer: inout ByteBuffer) -> RequestShape {
        let call = series.next()
        let heads = heads[call.operatorIndex]
        let opening: StaticString =
            call.isAccepting ? "{\"accepted_charges_set\":[" : "{\"declined_charges_set\":["
        let count = call.items.count
        let length = opening.utf8CodeUnitCount + count * (item.length + 1) + 1
        buffer.writeString(call.isAccepting ? heads.accept : heads.decline)
        buffer.writeString("\(length)\r\n\r\n")
        buffer.writeStaticString(opening)
        var item = item
        for (index, one) in call.items.enumerated() {
            if index > 0 { buffer.writeStaticString(",") }
            item.write(one, to: &buffer)
        }
        buffer.writeStaticString("]}")
        return call.shape
    }
}
