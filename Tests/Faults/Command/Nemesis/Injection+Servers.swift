import FaultJournal

extension Injection {
    /// Failovers.
    static let servers: [Injection] = [
        Injection(
            "failover", [.servers], lasts: 1...3, stopsService: true, isFailover: true, delaysEffects: true
        ) { context in
            let cluster = context.cluster
            let old = try cluster.primary()
            if context.generator.chance(0.7) { cluster.killOne(old) }
            try cluster.script(program: "scripts/failover", old)
            return Active(old) { try cluster.script(program: "scripts/failover", "rejoin", old) }
        },
        // The server finds commits in its own WAL that no other has, and shows them. Then it is lost with them.
        Injection(
            "unreplicated-failover", [.servers], lasts: 0...1, stopsService: true, isFailover: true,
            delaysEffects: true
        ) { context in
            let cluster = context.cluster
            let old = try cluster.primary()
            let standbys = Cluster.servers.filter { $0 != old }
            for standby in standbys { cluster.killOne(standby) }
            pause(seconds: 1)
            cluster.killOne(old)
            try cluster.startOne(old)
            pause(seconds: 3)
            cluster.killOne(old)
            for standby in standbys { try cluster.startOne(standby) }
            try cluster.script(program: "scripts/failover", old)
            return Active(old) { try cluster.script(program: "scripts/failover", "rejoin", old) }
        },
        // The same without the loss: the standbys come back before.
        Injection(
            "standbys-away", [.servers], lasts: 0...1, stopsService: true, isFailover: true,
            delaysEffects: true
        ) { context in
            let cluster = context.cluster
            let old = try cluster.primary()
            let standbys = Cluster.servers.filter { $0 != old }
            for standby in standbys { cluster.killOne(standby) }
            pause(seconds: 1)
            cluster.killOne(old)
            try cluster.startOne(old)
            for standby in standbys { try cluster.startOne(standby) }
            pause(seconds: 2)
            cluster.killOne(old)
            try cluster.script(program: "scripts/failover", old)
            return Active(old) { try cluster.script(program: "scripts/failover", "rejoin", old) }
        },
    ]
}
