import Foundation
import TestSupport
import Testing

/// Tests of nodes whose machine has a wrong clock: tokens are valid for as long on every node, and the offset is shown.
@Suite struct ClockTests {
    /// A library that shifts the wall clock of the program that preloads it, by `CLOCK_SHIFT_SECONDS`.
    private static let library = """
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <stdlib.h>
        #include <sys/time.h>
        #include <time.h>

        static long shift(void) {
            const char *seconds = getenv("CLOCK_SHIFT_SECONDS");
            return seconds ? atol(seconds) : 0;
        }

        int clock_gettime(clockid_t clock, struct timespec *time) {
            static int (*real)(clockid_t, struct timespec *);
            if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
            int result = real(clock, time);
            if (clock == CLOCK_REALTIME) time->tv_sec += shift();
            return result;
        }

        int gettimeofday(struct timeval *restrict time, void *restrict zone) {
            struct timespec now;
            clock_gettime(CLOCK_REALTIME, &now);
            time->tv_sec = now.tv_sec;
            time->tv_usec = now.tv_nsec / 1000;
            return 0;
        }

        time_t time(time_t *result) {
            struct timespec now;
            clock_gettime(CLOCK_REALTIME, &now);
            if (result) *result = now.tv_sec;
            return now.tv_sec;
        }
        """

    private func serve(shiftSeconds: Int, _ library: URL) throws -> RunningProgram {
        try RunningProgram(
            "serve", "--port", "0", "--internal-port", "0",
            environment: [
                "DATABASE_URL": TestDatabase.current.applicationConnectionString,
                "LD_PRELOAD": library.path, "CLOCK_SHIFT_SECONDS": "\(shiftSeconds)",
            ])
    }

    @Test("Tokens are valid on every node, however wrong the clocks of their machines are", .database)
    func aWrongClockDoesNoHarm() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "clock-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let source = folder.appending(path: "shift.c")
        try Self.library.write(to: source, atomically: true, encoding: .utf8)
        let library = folder.appending(path: "shift.so")
        let compiled = try await Program.bash(
            """
            clang -shared -fPIC -o '\(library.path)' '\(source.path)' -ldl
            echo demo | countersign user add --allow-short --operator ACME --username demo
            """,
            environment: ["DATABASE_URL": TestDatabase.current.ownerConnectionString], in: "/tmp")
        #expect(compiled.status == 0, "\(compiled.error)")

        let shifts = [0, -3 * 3600, 3 * 3600]
        let nodes = try shifts.map { try serve(shiftSeconds: $0, library) }
        var clients: [Client] = []
        var internals: [Client] = []
        for node in nodes {
            let ports = try await node.ports()
            clients.append(Client(port: ports.operators))
            internals.append(Client(port: ports.internals))
        }
        for (issuer, issuing) in zip(shifts, clients) {
            let token = try await issuing.login("ACME").token
            #expect(!token.isEmpty)
            for (verifier, verifying) in zip(shifts, clients) {
                // A node that could not read the database's clock yet says so.
                let before = try await verifying.wait(until: "MISSING_PARAMETER", of: token)
                #expect(
                    before.isSubset(of: ["SERVICE_UNAVAILABLE"]),
                    "issued by a clock \(issuer) s off, verified by one \(verifier) s off: \(before)")
            }
        }
        for (shift, client) in zip(shifts, internals) {
            let ready = try await client.get("/readyz")
            let status = ready.body["status"] as? [String: Any]
            let text = status?["description"] as? String ?? ""
            #expect(ready.status == 200)
            #expect(text.contains("clock") == (shift != 0), "\(shift): \(text)")
            let page = try await Program.bash(
                "curl -s http://127.0.0.1:\(client.port)/metrics | grep '^countersign_clock_offset_seconds '",
                in: "/tmp")
            let value = page.output.split(separator: " ").last.flatMap {
                Double($0.trimmingCharacters(in: .whitespacesAndNewlines))
            }
            #expect(abs((value ?? .infinity) - Double(shift)) < 60, "\(shift): \(page.output)")
        }
        for node in nodes.dropFirst() { try await node.hasWritten("clock of the node's machine") }
        for node in nodes { #expect(await node.end() == 0) }
    }
}
