import Charges
import ConnectionPool
import LibPQ

extension PoolRefusal {
    /// What the caller is told. Nothing was applied, whatever the reason.
    var requestFailure: RequestFailure {
        switch self {
        case .shareExceeded: .operatorBeyondShare
        default: .serviceUnavailable
        }
    }
}

extension LeaseError<PostgresError> {
    /// What the caller is told of a call of which nothing was applied.
    var requestFailure: RequestFailure {
        switch self {
        case .refused(let refusal): refusal.requestFailure
        case .failed(let error): error.requestFailure
        }
    }
}
