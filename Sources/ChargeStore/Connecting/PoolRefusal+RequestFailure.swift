import Charges
import ConnectionPool

extension PoolRefusal {
    /// What the caller is told. Nothing was applied, whatever the reason.
    var requestFailure: RequestFailure {
        switch self {
        case .shareExceeded: .operatorBeyondShare
        default: .serviceUnavailable
        }
    }
}
