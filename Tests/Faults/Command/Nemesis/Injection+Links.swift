extension Injection {
    /// Links between nodes and servers that are broken. Bytes to PostgreSQL are never doubled.
    static let links: [Injection] = [
        link("link-refused", .refuse),
        link("link-silent", lasts: 3...12, .hold(toServer: true, toClient: true)),
        link(
            "link-one-way", lasts: 3...12, .hold(toServer: false, toClient: true),
            .hold(toServer: true, toClient: false)),
        link("link-late", .delay(milliseconds: 40), .delay(milliseconds: 400)),
        link("link-slow", .limit(bytesPerSecond: 20_000), .limit(bytesPerSecond: 100_000)),
        link("commit-cut-before", lasts: 4...8, everywhere: true, .cutBeforeCommit(oneOf: 15)),
        link("commit-cut-after", lasts: 4...8, everywhere: true, .cutAfterCommit(oneOf: 15)),
        link("commit-answer-lost", lasts: 4...8, everywhere: true, .loseCommitAnswer(oneOf: 40)),
        Injection("links-all-cut", [.links], lasts: 2...4, stopsService: true) { context in
            let cluster = context.cluster
            cluster.setLinks(of: Cluster.nodes, .refuse)
            return Active("all nodes") { cluster.mendLinks() }
        },
    ]

    /// A fault of the links of one node or two, or of all, of one kind or another.
    private static func link(
        _ name: String, lasts: ClosedRange<Double> = 2...6, everywhere: Bool = false,
        _ kinds: DatabaseProxy.Fault...
    ) -> Injection {
        Injection(name, [.links], lasts: lasts, delaysEffects: true) { context in
            let cluster = context.cluster
            let number = everywhere ? 3 : context.generator.chance(0.5) ? 1 : 2
            let nodes = Array(Cluster.nodes.shuffled(using: &context.generator).prefix(number))
            cluster.setLinks(of: nodes, context.generator.pick(kinds))
            let cuts = context.generator.chance(0.5)
            return Active(nodes.joined(separator: " and ")) {
                cluster.setLinks(of: nodes, nil, cutting: cuts)
            }
        }
    }
}
