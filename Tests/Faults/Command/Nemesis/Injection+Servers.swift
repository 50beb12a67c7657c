import FaultJournal

extension Injection {
    /// Failovers, planned and not, and what they depend on. Patroni makes them: the suite loses servers and waits.
    static let servers = lostServers + (Cluster.hasNetworks ? [cutOff] : [])

    private static let lostServers: [Injection] = [
        Injection(
            "failover", [.servers], lasts: 1...3, stopsService: true, isFailover: true,
            delaysEffects: true
        ) { context in
            let cluster = context.cluster
            let old = try cluster.primary()
            cluster.killOne(old)
            _ = try cluster.primary(otherThan: old)
            return Active(old) { try cluster.startOne(old) }
        },
        Injection(
            "switchover", [.servers], lasts: 1...3, stopsService: true, isFailover: true,
            delaysEffects: true
        ) { context in
            let old = try context.cluster.primary()
            let new = context.generator.pick(try context.cluster.standbys())
            try context.cluster.switchOver(from: old, to: new)
            return Active("\(old) to \(new)")
        },
        // It is replaced meanwhile, and does not know it.
        Injection(
            "primary-frozen-long", [.servers], lasts: 0...2, stopsService: true, isFailover: true,
            delaysEffects: true
        ) { context in
            let cluster = context.cluster
            let old = try cluster.primary()
            cluster.freeze(old)
            _ = try cluster.primary(otherThan: old)
            return Active(old) { cluster.thaw(old) }
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
        Injection("standby-rebuilt", [.servers], lasts: 0...1, delaysEffects: true) { context in
            let standby = context.generator.pick(try context.cluster.standbys())
            try context.cluster.script(
                "patronictl", "reinit", "countersign", standby, "--force", "--wait")
            return Active(standby)
        },
        // As for a minor version of PostgreSQL.
        Injection(
            "servers-restarted", [.servers], lasts: 0...1, stopsService: true, isFailover: true,
            delaysEffects: true
        ) { context in
            let cluster = context.cluster
            let old = try cluster.primary()
            for standby in try cluster.standbys() {
                try cluster.stopOne(standby)
                try cluster.startOne(standby)
                try cluster.awaitStandbys()
            }
            try cluster.switchOver(from: old, to: context.generator.pick(try cluster.standbys()))
            try cluster.stopOne(old)
            try cluster.startOne(old)
            return Active("all servers, one after another")
        },
        Injection("etcd-member-killed", [.servers], lasts: 2...8) { context in
            let cluster = context.cluster
            let member = context.generator.pick(Cluster.members)
            cluster.killOne(member)
            return Active(member) { try cluster.startOne(member) }
        },
        // For longer than a primary holds its place: the standbys confirm that it has it.
        Injection("etcd-majority-killed", [.servers], lasts: 0...2) { context in
            let cluster = context.cluster
            let members = Array(Cluster.members.shuffled(using: &context.generator).prefix(2))
            for member in members { cluster.killOne(member) }
            pause(seconds: 25)
            return Active(members.joined(separator: " and ")) {
                // One alone does not answer.
                try cluster.script("start-one", members[0], members[1])
            }
        },
    ]

    /// The primary is cut off from etcd and the standbys, but not from the nodes.
    private static let cutOff = Injection(
        "primary-cut-off", [.servers], lasts: 0...5, stopsService: true, isFailover: true, delaysEffects: true
    ) { context in
        let cluster = context.cluster
        let old = try cluster.primary()
        try cluster.cut(old)
        _ = try cluster.primary(otherThan: old)
        return Active(old) { cluster.mend(old) }
    }
}

extension Cluster {
    fileprivate func switchOver(from old: String, to new: String) throws {
        // A standby that has just come back may not be one that Patroni switches to.
        try awaitStandbys()
        try script("patronictl", "switchover", "--leader", old, "--candidate", new, "--force")
        _ = try primary(otherThan: old)
    }

    /// Crashes the primary while its standbys are away, so that it shows what only it has; then it is lost.
    ///
    /// - Parameter standbysReturnFirst: Whether the standbys come back before it is lost, and so get all commits.
    fileprivate func failOverAfterCrash(standbysReturnFirst: Bool) throws -> Injection.Active {
        let old = try primary()
        let standbys = Cluster.servers.filter { $0 != old }
        for standby in standbys { killOne(standby) }
        pause(seconds: 1)
        crash(old)
        try startOne(old)
        if standbysReturnFirst {
            for standby in standbys { try startOne(standby) }
            try awaitStandbys()
            // Until Patroni has written down that they may take its place.
            pause(seconds: 6)
            killOne(old)
        } else {
            pause(seconds: 3)
            killOne(old)
            for standby in standbys { try startOne(standby) }
            // Patroni waits for the lost primary, which may have acknowledged something alone. A person gives it up.
            try script("promote", seconds: 120)
        }
        _ = try primary(otherThan: old)
        return Injection.Active(old) { try self.startOne(old) }
    }
}
