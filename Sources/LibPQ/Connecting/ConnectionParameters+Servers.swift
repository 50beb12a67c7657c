extension ConnectionParameters {
    /// The servers that the parameters name (manual, chapter 34.1.1.3, "Specifying Multiple Hosts"), one set of
    /// parameters each, in their order.
    ///
    /// libpq goes through them by itself, but without a bound for each: one that is frozen takes the whole time.
    /// Lists that do not fit each other are left to libpq, which says what is wrong with them; so is
    /// `prefer-standby`, which looks at all servers twice.
    public var servers: [ConnectionParameters] {
        let addresses = list("hostaddr")
        let names = list("host")
        let count = addresses?.count ?? names?.count ?? 1
        var ports = list("port") ?? []
        if ports.count == 1 { ports = Array(repeating: ports[0], count: count) }
        guard count > 1, self["target_session_attrs"] != "prefer-standby",
            addresses == nil || names == nil || names?.count == count, ports.isEmpty || ports.count == count
        else { return [self] }
        return (0..<count).map { index in
            var server = self
            server["hostaddr"] = addresses?[index]
            server["host"] = names?[index]
            server["port"] = ports.isEmpty ? nil : ports[index]
            return server
        }
    }

    /// A keyword's value at its commas, or `nil` where it is not set.
    func list(_ keyword: String) -> [String]? {
        guard let value = self[keyword], !value.isEmpty else { return nil }
        return value.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
}
