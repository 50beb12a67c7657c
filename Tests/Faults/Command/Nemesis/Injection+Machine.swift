extension Injection {
    /// Disks and clocks that do not work, by the library that the processes are started with.
    static let machine: [Injection] = [
        Injection("disk-full-data", [.disk, .servers], lasts: 3...8, stopsService: true) { context in
            let cluster = context.cluster
            let primary = try cluster.primary()
            cluster.machine.set(.full, 1, of: primary)
            return Active(primary) {
                cluster.machine.set(.full, 0, of: primary)
                try cluster.startOne(primary)
            }
        },
        Injection("disk-full-wal", [.disk, .servers], lasts: 3...6, stopsService: true) { context in
            let cluster = context.cluster
            let primary = try cluster.primary()
            cluster.machine.set(.full, 2, of: primary)
            // The server needs a new file at once.
            let repeated = try Repeated(every: 0.2, context) { cluster, primary in
                try Database.execute("SELECT pg_switch_wal()", on: primary, of: cluster, seconds: 2)
            }
            return Active(primary) {
                cluster.machine.set(.full, 0, of: primary)
                repeated.end()
                try cluster.startOne(primary)
            }
        },
        Injection("fsync-slow", [.disk], lasts: 4...10, delaysEffects: true) { context in
            let cluster = context.cluster
            let milliseconds = context.generator.pick([50, 200, 800] as [Int64])
            for server in Cluster.servers {
                cluster.machine.set(.fsyncDelayMilliseconds, milliseconds, of: server)
            }
            return Active("\(milliseconds) ms") {
                for server in Cluster.servers { cluster.machine.set(.fsyncDelayMilliseconds, 0, of: server) }
            }
        },
        Injection("clock-wrong", [.clock], lasts: 4...10) { context in
            let cluster = context.cluster
            let node = context.generator.pick(Cluster.nodes)
            let seconds = context.generator.pick([-3600, 3600] as [Int64])
            cluster.machine.set(.clockOffsetSeconds, seconds, of: node)
            return Active("\(node) by \(seconds) s") { cluster.machine.set(.clockOffsetSeconds, 0, of: node) }
        },
        Injection("clock-jumping", [.clock], lasts: 4...10) { context in
            let cluster = context.cluster
            let node = context.generator.pick(Cluster.nodes)
            let seed = context.generator.next()
            let jumps = try Repeated(every: 0.5, context) { cluster, _ in
                var generator = SeededGenerator(seed: seed, purpose: "\(ContinuousClock.now)")
                cluster.machine.set(
                    .clockOffsetSeconds, Int64.random(in: -3600...3600, using: &generator), of: node)
            }
            return Active(node) {
                jumps.end()
                cluster.machine.set(.clockOffsetSeconds, 0, of: node)
            }
        },
    ]
}
