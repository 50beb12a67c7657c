import FaultJournal

extension Injection {
    /// Failovers.
    static let servers: [Injection] = [
        Injection(
            "failover", [.servers], lasts: 1...3, stopsService: true, isFailover: true, delaysEffects: true
        ) { context in
            let old = try context.cluster.primary()
            if context.generator.chance(0.7) { context.cluster.killOne(old) }
            return try context.cluster.failOver(from: old)
        },
        // The server finds commits in its own WAL that no other has, and shows them. Then it is lost with them.
        Injection(
            "unreplicated-failover", [.servers], lasts: 0...1, stopsService: true, isFailover: true,
            delaysEffects: true
        ) { context in
            try context.cluster.failOverAfterCrash(standbysReturnFirst: false)
        },
        // The same without the loss: the standbys come back before.
        Injection(
            "standbys-away", [.servers], lasts: 0...1, stopsService: true, isFailover: true,
            delaysEffects: true
        ) { context in
            try context.cluster.failOverAfterCrash(standbysReturnFirst: true)
        },
    ]
}

extension Cluster {
    /// Makes a standby the primary. The old primary joins again when the fault is over.
    fileprivate func failOver(from old: String) throws -> Injection.Active {
        try script(program: "scripts/failover", old)
        return Injection.Active(old) { try self.script(program: "scripts/failover", "rejoin", old) }
    }

    /// Crashes the primary while its standbys are away, starts it, crashes it again, and makes a standby the primary.
    ///
    /// - Parameter standbysReturnFirst: Whether the standbys come back before the second crash, and so get all commits.
    fileprivate func failOverAfterCrash(standbysReturnFirst: Bool) throws -> Injection.Active {
        let old = try primary()
        let standbys = Cluster.servers.filter { $0 != old }
        for standby in standbys { killOne(standby) }
        pause(seconds: 1)
        killOne(old)
        try startOne(old)
        if standbysReturnFirst {
            for standby in standbys { try startOne(standby) }
            pause(seconds: 2)
            killOne(old)
        } else {
            pause(seconds: 3)
            killOne(old)
            for standby in standbys { try startOne(standby) }
        }
        return try failOver(from: old)
    }
}
