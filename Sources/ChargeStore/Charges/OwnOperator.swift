import LibPQ

extension SQL {
    /// The operator's row as one value, `own.operator`, read once for a statement: a join would look it up again for each
    /// charge. Its OFFSET keeps it a subquery, so that what is made of the value is planned as expressions of its columns.
    ///
    /// - Parameter identifier: The parameter that is the operator.
    static func ownOperator(_ identifier: SQL) -> SQL {
        """
        (SELECT (
                    SELECT operator FROM countersign.operator WHERE operator.operator_id = \(identifier)
                ) AS operator OFFSET 0) AS own
        """
    }
}
