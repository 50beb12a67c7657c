package import Charges
import LibPQ

extension AdministrationSession {
    /// One charge of an operator with all its decisions, or `nil` if the operator has no such charge.
    package func charge(number: ExactText, operatorCode: String) throws(AdministrationFailure) -> Charge? {
        let operatorIdentifier = try operatorIdentifier(code: operatorCode)
        guard !number.containsNul else { return nil }
        let key = ChargeKey(operatorIdentifier: operatorIdentifier, name: number)
        return ChargeRow.charge(try run(.chargeByNumber, key, doing: "looking for the charge"))
    }
}
