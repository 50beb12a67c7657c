import Charges

/// `GET /livez`: the process answers.
struct LivenessController: Controller {
    func answer(_ call: inout Call) async throws(RequestFailure) -> AnswerData { .object([]) }
}

/// `GET /readyz`: the node can take calls.
struct ReadinessController: Controller {
    let readiness: any Readiness

    func answer(_ call: inout Call) async throws(RequestFailure) -> AnswerData {
        guard await readiness.isReady() else {
            throw RequestFailure(
                .serviceUnavailable, "The node is stopping or has no usable database.", retryAfterSeconds: 1)
        }
        return .object([])
    }
}
