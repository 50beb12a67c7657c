/// The state of a connection's requests and responses. It is a value; `ConnectionHandler` carries out its decisions.
///
/// Requests are passed on one at a time, so that none begins on a connection that the response before it closes.
struct ConnectionState {
    /// Whether a request was passed on whose end was not.
    private(set) var isReading = false
    /// Whether a request was passed on whose response has not ended.
    private(set) var isAnswering = false
    /// Whether nothing more is sent after what is being sent.
    private(set) var isClosing = false
    /// Whether the current response is the last one.
    private var closesAfterAnswer = false
    /// Whether the current request is the last one.
    private var isLast = false
    /// Whether the body of the current request is late, and its reader has been notified.
    private var isLate = false
    /// Whether the body of the current request has a fault, behind which nothing can be read.
    private var isFaulty = false

    /// Whether the next part of the input may be passed on.
    var takesInput: Bool { !isClosing && !isFaulty && (isReading || !isAnswering) }

    /// Whether the next request is expected.
    var awaitsHead: Bool { !isClosing && !isReading && !isAnswering }

    /// Whether the input that arrives is dropped.
    var dropsInput: Bool { isClosing || isFaulty || (isLast && !isReading) }

    /// The head of a request is passed on.
    ///
    /// - Parameter isLast: Whether the client wants the connection closed after the response.
    mutating func passedHead(isLast: Bool = false) {
        isReading = true
        isAnswering = true
        self.isLast = isLast
        isLate = false
    }

    mutating func passedEnd() {
        isReading = false
    }

    /// More input waits for the current response than is kept.
    mutating func overflowed() {
        isLast = true
    }

    /// A response begins.
    ///
    /// - Parameter closes: Whether the response says that it is the last one.
    /// - Returns: Whether it must say so. After the response to an incomplete request, the place of the next request on
    ///   the connection is unknown.
    mutating func answerBegan(closes: Bool) -> Bool {
        closesAfterAnswer = closes || isLast || isReading || isLate
        return closesAfterAnswer
    }

    /// A response ends.
    ///
    /// - Returns: Whether the connection ends with it.
    mutating func answerEnded() -> Bool {
        isAnswering = false
        return closesAfterAnswer
    }

    /// The action after a fault of the input.
    enum Sequel: Equatable {
        /// Respond with the fault, and close.
        case refuse
        /// Notify the reader of the request's body.
        case tellReader
    }

    /// The input has a fault.
    mutating func faulted() -> Sequel {
        guard isReading else { return .refuse }
        isFaulty = true
        return .tellReader
    }

    /// The time limit of the current body passes.
    ///
    /// - Returns: Whether to notify the reader.
    mutating func bodyIsLate() -> Bool {
        guard isReading, isAnswering, !isClosing else { return false }
        isLate = true
        return true
    }

    mutating func closed() {
        isClosing = true
    }
}
