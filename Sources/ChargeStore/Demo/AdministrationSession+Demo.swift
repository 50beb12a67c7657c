extension AdministrationSession {
    /// Gives the charges of `countersign dev` what an import cannot bring: changed minds, policies' decisions,
    /// charges that the provider has taken, and counts of failed items. It needs the owner's rights, and no
    /// decisions but imported ones.
    package func addDemoHistory() throws(AdministrationFailure) {
        try execute(DemoHistorySQL.script, doing: "making the demo data")
    }
}
