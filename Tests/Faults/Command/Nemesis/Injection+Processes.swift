import Glibc

extension Injection {
    /// Processes that are killed, frozen and restarted.
    static let processes: [Injection] = [
        Injection("node-killed", [.nodes], lasts: 1...3) { context in
            let node = context.generator.pick(Cluster.nodes)
            let cluster = context.cluster
            cluster.killOne(node)
            return Active(node) { try cluster.startOne(node) }
        },
        Injection("nodes-killed", [.nodes], lasts: 1...2, stopsService: true, delaysEffects: true) {
            context in
            let cluster = context.cluster
            // Frozen for a moment first, so that there are calls on them.
            for node in Cluster.nodes { cluster.freeze(node) }
            pause(seconds: 0.5)
            for node in Cluster.nodes { cluster.killOne(node) }
            return Active("all nodes") { for node in Cluster.nodes { try cluster.startOne(node) } }
        },
        Injection("node-frozen", [.nodes], lasts: 3...14, delaysEffects: true) { context in
            let node = context.generator.pick(Cluster.nodes)
            let cluster = context.cluster
            cluster.freeze(node)
            return Active(node) { cluster.thaw(node) }
        },
        Injection("rolling-restart", [.nodes], lasts: 0...1) { context in
            let cluster = context.cluster
            for node in Cluster.nodes {
                try cluster.stopOne(node)
                try cluster.startOne(node)
            }
            return Active("all nodes, one after another")
        },
        Injection("balancer-killed", [.balancer], lasts: 1...3) { context in
            let cluster = context.cluster
            cluster.killOne("balancer")
            return Active("balancer") { try cluster.startOne("balancer") }
        },
        Injection("backend-killed", [.servers], lasts: 2...4, stopsService: true) { context in
            let primary = try context.cluster.primary()
            let rows = try Database.rows(
                "SELECT pid FROM pg_stat_activity WHERE usename = 'countersign_node'", on: primary,
                of: context.cluster)
            let sessions = rows.compactMap { $0.first.flatMap { $0 }.flatMap { Int32($0) } }
            // The server ends all sessions and recovers.
            if !sessions.isEmpty { kill(context.generator.pick(sessions), SIGKILL) }
            return Active("a session of \(primary)")
        },
        Injection("postmaster-killed", [.servers], lasts: 1...3, stopsService: true) { context in
            let cluster = context.cluster
            let primary = try cluster.primary()
            cluster.crash(primary)
            return Active(primary) { try cluster.startOne(primary) }
        },
        Injection("primary-frozen", [.servers], lasts: 2...12, stopsService: true, delaysEffects: true) {
            context in
            let cluster = context.cluster
            let primary = try cluster.primary()
            cluster.freeze(primary)
            return Active(primary) { cluster.thaw(primary) }
        },
        Injection("standby-killed", [.servers], lasts: 2...6, delaysEffects: true) { context in
            let cluster = context.cluster
            let standby = context.generator.pick(try cluster.standbys())
            cluster.killOne(standby)
            return Active(standby) { try cluster.startOne(standby) }
        },
        Injection("standbys-frozen", [.servers], lasts: 2...12, stopsService: true, delaysEffects: true) {
            context in
            let cluster = context.cluster
            let standbys = try cluster.standbys()
            for standby in standbys { cluster.freeze(standby) }
            return Active(standbys.joined(separator: " and ")) {
                for standby in standbys { cluster.thaw(standby) }
            }
        },
    ]
}
