import HTTPTypes
import NIOCore
import Testing

@testable import HTTPFront

/// The requests of a connection on their way to its task.
struct RequestQueueTests {
    private let queue = RequestQueue()

    private func request(_ path: String) -> IncomingRequest {
        IncomingRequest(
            head: HTTPRequest(method: .get, scheme: nil, authority: nil, path: path),
            body: .whole(ByteBuffer()), arrived: .now)
    }

    private func rest() async -> [String?] {
        var paths: [String?] = []
        while let request = await queue.next() { paths.append(request.head.path) }
        return paths
    }

    @Test func requestsKeepTheirOrder() async {
        queue.add(request("/1"))
        queue.add(request("/2"))
        queue.end()
        #expect(await rest() == ["/1", "/2"])
        #expect(await queue.next() == nil)
    }

    @Test func aTaskThatWaitsGetsEachRequestAndTheEnd() async {
        async let paths = rest()
        for number in 1...100 {
            queue.add(request("/\(number)"))
            await Task.yield()
        }
        queue.end()
        #expect(await paths == (1...100).map { "/\($0)" })
    }
}
