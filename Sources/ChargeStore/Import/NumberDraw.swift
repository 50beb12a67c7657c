import Charges
import LibPQ

/// The charge numbers that an import needs of one operator.
struct NeededNumbers: Sendable {
    let operatorIdentifier: OperatorIdentifier
    let count: Int
    /// The number that the operator's counter must exceed from now on, if there is one.
    let beyond: Int64?

    /// The count of one draw, which is bounded.
    fileprivate var drawCount: Int32 { Int32(count) }
}

/// Numbers that were drawn for lines of an import: the lines without a number, counted per operator from 1.
struct DrawnNumbers: Sendable {
    let operatorIdentifier: OperatorIdentifier
    /// The place of the first number's line.
    let firstPlace: Int
    let numbers: [String]
}

/// The session that draws an import's numbers, some thousands at a time, each time in a short transaction of its own. The
/// import's transaction lasts long, and would keep the counters locked. Numbers of an import that fails leave a gap.
struct NumberDraw {
    private let connection: Connection

    /// The most numbers that are drawn at a time. A counter is locked for some milliseconds meanwhile.
    private static let maximumCount = 2000
    private static let timeout = Duration.seconds(30)

    /// Opens a second connection, to the server of a session.
    init(beside session: AdministrationSession) throws(AdministrationFailure) {
        do {
            connection = try AdministrationSession.connect(
                session.parameters, deadline: .now + Self.timeout, onNotice: { _ in })
        } catch {
            throw AdministrationFailure("drawing charge numbers failed: \(error)", cause: error)
        }
    }

    /// Closes the connection. The draw must not be used afterwards.
    func close() {
        connection.close()
    }

    /// Draws the numbers of one operator, after raising its counter, which happens also if none are needed.
    ///
    /// - Parameter take: Takes the numbers, a part at a time.
    func run(
        _ needed: NeededNumbers, _ take: (DrawnNumbers) throws(AdministrationFailure) -> Void
    ) throws(AdministrationFailure) {
        var drawn = 0
        repeat {
            let count = min(Self.maximumCount, needed.count - drawn)
            let part = NeededNumbers(
                operatorIdentifier: needed.operatorIdentifier, count: count, beyond: needed.beyond)
            let numbers: [String]
            do {
                numbers = try connection.run(.drawNumbers, part, deadline: .now + Self.timeout)
            } catch {
                throw AdministrationFailure("drawing charge numbers failed: \(error)", cause: error)
            }
            if !numbers.isEmpty {
                try take(
                    DrawnNumbers(
                        operatorIdentifier: needed.operatorIdentifier, firstPlace: drawn + 1, numbers: numbers
                    ))
            }
            drawn += count
        } while drawn < needed.count
    }
}

extension Statement where Input == NeededNumbers, Row == String {
    fileprivate static let drawNumbers = Statement(
        "draw_charge_numbers",
        """
        SELECT number
        FROM unnest(countersign.draw_charge_numbers(\(\.operatorIdentifier), \(\.drawCount), \(\.beyond))) AS number
        """)
}

extension Statement where Input == DrawnNumbers, Row == Void {
    static let addDrawn = Statement(
        "add_drawn",
        """
        INSERT INTO drawn (operator_id, place, number)
        SELECT \(\.operatorIdentifier), \(\.firstPlace) + item - 1, number
        FROM unnest(\(\.numbers)) WITH ORDINALITY AS asked (number, item)
        """)
}
