import Logging
import Synchronization
import Telemetry
import Testing

@testable import HTTPFront

/// Tests of the connections that addresses may have, and of those that are closed for others.
@Suite struct ConnectionSharesTests {
    /// The listener of a test, with the names of the connections that it has closed.
    private final class Listener: Sendable {
        let metrics = MetricsRecorder()
        let log = FakeLog()
        let clock = ManualInstant(.now)
        let shares: ConnectionShares
        private let closed = Mutex<[String]>([])

        init(maximum: Int = 100, perAddress: Int = 100, proxies: String = "") {
            let (log, clock) = (log, clock)
            shares = ConnectionShares(
                maximum: maximum, maximumPerAddress: perAddress,
                trustedProxies: TrustedProxies(proxies) ?? .none,
                levels: ConnectionLevels(metrics, side: "operators", limit: maximum),
                bounds: BoundReport(
                    side: "operators", [.connections, .addressConnections],
                    logger: Logger(label: "test") { _ in log.handler() }, metrics: metrics,
                    now: { clock.now }))
        }

        @discardableResult
        func open(_ name: String, from address: String) -> ClientConnection? {
            shares.open(from: address) { [self] in closed.withLock { $0.append(name) } }
        }

        /// The connections that were closed since the last time.
        var justClosed: [String] {
            closed.withLock { closed in
                defer { closed = [] }
                return closed
            }
        }

        func value(_ series: String) -> String? {
            metrics.page([]).split(separator: "\n").first { $0.hasPrefix(series + " ") }
                .map { String($0.dropFirst(series.count + 1)) }
        }
    }

    @Test("Beyond its bound an address loses its oldest silent connection, then its longest idle one")
    func theBoundOfAnAddress() {
        let listener = Listener(perAddress: 3)
        let first = listener.open("first", from: "192.0.2.1")
        let second = listener.open("second", from: "192.0.2.1")
        first?.began()
        first?.ended()
        listener.open("third", from: "192.0.2.1")
        listener.open("other", from: "192.0.2.2")
        #expect(listener.justClosed == [])

        let fourth = listener.open("fourth", from: "192.0.2.1")
        #expect(listener.justClosed == ["second"])
        let fifth = listener.open("fifth", from: "192.0.2.1")
        #expect(listener.justClosed == ["third"])
        // The end of one that was replaced changes nothing.
        if let second { listener.shares.closed(second) }
        for call in [fourth, fifth, fourth] {
            call?.began()
            call?.ended()
        }
        let sixth = listener.open("sixth", from: "192.0.2.1")
        #expect(listener.justClosed == ["first"])
        for call in [fourth, fifth, sixth] { call?.began() }
        #expect(listener.open("seventh", from: "192.0.2.1") == nil)
        #expect(listener.justClosed == [])
        // A connection that has ended leaves its place.
        if let fifth { listener.shares.closed(fifth) }
        #expect(listener.open("eighth", from: "192.0.2.1") != nil)
        #expect(listener.justClosed == [])
    }

    @Test("A connection whose body is arriving is closed after those that are idle")
    func arrivingBodies() {
        let listener = Listener(perAddress: 2)
        let slow = listener.open("slow", from: "192.0.2.1")
        slow?.began()
        slow?.beganReceiving()
        let idle = listener.open("idle", from: "192.0.2.1")
        idle?.began()
        idle?.ended()
        let third = listener.open("third", from: "192.0.2.1")
        third?.began()
        #expect(listener.justClosed == ["idle"])
        let fourth = listener.open("fourth", from: "192.0.2.1")
        #expect(listener.justClosed == ["slow"])
        fourth?.began()
        fourth?.beganReceiving()
        fourth?.endedReceiving()
        #expect(listener.open("fifth", from: "192.0.2.1") == nil)
    }

    @Test("A full listener takes the place of an address that has most, for one or for fifty of them")
    func aFullListener() {
        for addresses in [1, 50] {
            let listener = Listener(maximum: 100)
            listener.open("good", from: "198.51.100.1")
            for number in 0..<300 {
                listener.open("silent \(number)", from: "192.0.2.\(number % addresses)")
            }
            for number in 0..<20 { listener.open("good \(number)", from: "198.51.100.1") }
            let closed = listener.justClosed
            #expect(closed.count == 1 + 300 + 20 - 100)
            // Fifty addresses have two each, and from then on this one has most too.
            let spared = addresses == 1 ? 20 : 1
            #expect(!closed.prefix(201 + spared).contains { $0.hasPrefix("good") })
        }
    }

    @Test("Of addresses with the same number the one whose connection has waited longest loses it")
    func addressesWithTheSameNumber() {
        let listener = Listener(maximum: 3)
        let first = listener.open("first", from: "192.0.2.1")
        listener.open("second", from: "192.0.2.2")
        listener.open("third", from: "192.0.2.3")
        first?.began()
        first?.ended()
        listener.open("fourth", from: "192.0.2.4")
        listener.open("fifth", from: "192.0.2.5")
        #expect(listener.justClosed == ["second", "third"])
    }

    @Test(
        "A trusted proxy may have any number of connections, and loses one only if no other address has one")
    func trustedProxies() {
        let listener = Listener(maximum: 10, perAddress: 2, proxies: "10.0.0.0/8")
        for number in 0..<8 { #expect(listener.open("proxy \(number)", from: "10.0.0.1") != nil) }
        let calls = ["a", "b"].map { listener.open($0, from: "192.0.2.1") }
        #expect(listener.justClosed == [])
        #expect(listener.open("proxy 8", from: "10.0.0.1") != nil)
        #expect(listener.justClosed == ["a"])
        calls[1]?.began()
        #expect(listener.open("proxy 9", from: "10.0.0.1") != nil)
        #expect(listener.justClosed == ["proxy 0"])
    }

    @Test("The addresses of an IPv6 /64 are one address, and IPv4 in IPv6 is IPv4")
    func networks() {
        let listener = Listener(perAddress: 2)
        for name in ["1", "2", "ffff:ffff:ffff:ffff"] {
            listener.open(name, from: "2001:db8:0:1:" + (name.count > 1 ? name : ":" + name))
        }
        #expect(listener.justClosed == ["1"])
        listener.open("elsewhere", from: "2001:db8:0:2::1")
        for address in ["192.0.2.1", "::ffff:192.0.2.1", "192.0.2.1"] {
            listener.open(address, from: address)
        }
        #expect(listener.justClosed == ["192.0.2.1"])
        #expect(IPAddress.network(of: "2001:db8:0:1:2:3:4:5") == "2001:db8:0:1::/64")
        #expect(IPAddress.network(of: "::ffff:192.0.2.1") == "192.0.2.1")
        #expect(IPAddress.network(of: "unknown") == "unknown")
    }

    @Test("Each bound that is met is counted, and logged once a minute")
    func reports() {
        let listener = Listener(maximum: 3, perAddress: 2)
        let bound = #"countersign_bounds_met_total{side="operators",bound="#
        #expect(listener.value(bound + #""connections"}"#) == "0")
        let start = listener.clock.now
        for seconds in [0, 59, 60, 61] {
            listener.clock.now = start + .seconds(seconds)
            for address in ["192.0.2.1", "192.0.2.2"] {
                for _ in 0..<3 { listener.open("", from: address) }
            }
        }
        #expect(listener.log.lines.count == 4)
        #expect(listener.log.lines.allSatisfy { $0.level == .warning && $0.metadata["side"] == "operators" })
        #expect(Set(listener.log.lines.map(\.message)).count == 2)
        #expect(listener.log.lines.first?.metadata["address"] == "192.0.2.1")
        let counts = ["connections", "address_connections"].map { listener.value(bound + "\"\($0)\"}") ?? "" }
        #expect(counts.reduce(0) { $0 + (Int($1) ?? 0) } == 24 - 3)
    }

    @Test("The gauges show silent, idle and active connections")
    func gauges() {
        let listener = Listener()
        func levels() -> [String?] {
            ["silent", "idle", "active"].map {
                listener.value(#"countersign_http_connections{side="operators",state="\#($0)"}"#)
            }
        }
        let connections = (0..<3).compactMap { listener.open("\($0)", from: "192.0.2.1") }
        #expect(levels() == ["3", "0", "0"])
        connections[0].began()
        connections[1].began()
        connections[1].ended()
        #expect(levels() == ["1", "1", "1"])
        for connection in connections { listener.shares.closed(connection) }
        connections[0].ended()
        listener.shares.closed(connections[0])
        #expect(levels() == ["0", "0", "0"])
    }
}
