extension ItemFailure {
    /// One sentence for a person: what holds, and what to do about it where something can be done.
    package var description: String {
        switch code {
        case .duplicateInRequest:
            "The charge stands more than once in this call; name it once."
        case .invalidReferenceNumber:
            "The reference number must have 1 to 64 characters, not all of them white space, "
                + "and no control characters."
        case .decisionSuperseded:
            "The decision that this call repeats was made, and has been replaced since by a later one, "
                + "\(standingReference)."
        case .chargeNotFound:
            "There is no charge with this number."
        case .customerMismatch:
            "The charge belongs to another customer."
        case .chargeAlreadyProcessed:
            "The charge has been processed by the provider"
                + (standing.status.map { ": it is \($0)." } ?? ".")
        case .chargeInProcess:
            "The provider is processing the charge; its decision can no longer be changed."
        case .chargeNotProcessed:
            "The charge is still pending; it can be acknowledged once the provider has processed it."
        case .chargeAlreadyAcknowledged:
            "The charge has been acknowledged already"
                + (standing.status.map { " as \($0)." } ?? ".")
        case .chargeAlreadyAccepted:
            "The charge is accepted already, \(standingReference)."
        case .chargeAcceptedUnderOtherReference:
            "The charge is accepted already, \(standingOtherReference)."
        case .chargeAlreadyDeclined:
            "The charge is declined already, \(standingReference)."
        case .chargeDeclinedUnderOtherReference:
            "The charge is declined already, \(standingOtherReference)."
        case .referenceNumberInUse:
            "The reference number names another charge"
                + (standing.otherNumber.map { ", \($0)." } ?? ".")
        case .chargeLocked:
            "The charge or its reference number is being changed by another call; "
                + "nothing was done, try again."
        }
    }

    private var standingReference: String {
        standing.referenceNumber.map { "under reference number \($0)" } ?? "without a reference number"
    }

    private var standingOtherReference: String {
        standingReference
            + (standing.referenceNumber == nil
                ? ", and this call gives one" : ", which is not the one in this call")
    }
}
