import HTTPTypes

/// The state of a connection's requests and responses. It is a value; `ConnectionHandler` carries out its decisions.
///
/// Requests are passed on one at a time, so that none begins on a connection that the response before it closes.
struct ConnectionState {
    /// Whether a request was passed on whose end was not.
    private(set) var isReading = false
    /// Whether a request was passed on whose response has not ended.
    private(set) var isAnswering = false
    /// Whether input is dropped, and nothing more is sent.
    private(set) var isClosing = false
    /// Whether the current response is the last one.
    private var closesAfterAnswer = false
    /// Whether the current request says that it is the last one.
    private var isLast = false
    /// Whether the body of the current request is late, and its reader has been notified.
    private var isLate = false
    /// Whether malformed input follows the current request.
    private var refusesAfterAnswer = false

    /// The action on a part that arrived.
    enum Arrival: Equatable {
        case pass
        case hold
        case drop
    }

    /// A part arrives.
    ///
    /// - Parameter holdsOthers: Whether earlier parts are held.
    mutating func arrived(isHead: Bool, holdsOthers: Bool) -> Arrival {
        if isClosing || refusesAfterAnswer { return .drop }
        return holdsOthers || (isHead && isAnswering) ? .hold : .pass
    }

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

    /// A response begins.
    ///
    /// - Parameter closes: Whether the response says that it is the last one.
    /// - Returns: Whether it must say so. After the response to an incomplete request, the place of the next request on
    ///   the connection is unknown.
    mutating func answerBegan(closes: Bool) -> Bool {
        closesAfterAnswer = closes || isLast || isReading || isLate
        return closesAfterAnswer
    }

    /// The action after a response, or after malformed input.
    enum Sequel: Equatable {
        case goOn
        case close
        /// Respond with the error, and close.
        case refuse
        /// Notify the reader of the request's body.
        case tellReader
    }

    mutating func answerEnded() -> Sequel {
        isAnswering = false
        return closesAfterAnswer ? .close : refusesAfterAnswer ? .refuse : .goOn
    }

    /// Malformed input arrives.
    mutating func malformed() -> Sequel {
        if isClosing { return .goOn }
        if isReading { return isAnswering ? .tellReader : .close }
        guard isAnswering else { return .refuse }
        refusesAfterAnswer = true
        return .goOn
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
