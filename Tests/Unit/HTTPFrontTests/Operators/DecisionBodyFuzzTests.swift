import StrictJSON
import Charges
import Testing

@testable import HTTPFront

/// Tests of the reader of decision bodies against the document's tree and against Foundation, on seeded documents: the
/// same charges, or the same error.
@Suite struct DecisionBodyFuzzTests {
    private static let setName: StaticString = "accepted_charges_set"

    private func summary(_ document: [UInt8]) throws(JSONError) -> String {
        let body = try DecisionBody.read(document, setName: Self.setName)
        let token =
            switch body.token {
            case .absent: "no token"
            case .string(let text): "token \(text)"
            case .wrongType: "wrong token"
            }
        do {
            return TreeDecisionBody.summary(token, try body.items())
        } catch {
            return "\(token), \(error.code): \(error.description)"
        }
    }

    private func expectAgreement(_ document: [UInt8], _ problem: Comment) throws -> String? {
        let own = Result { () throws(JSONError) in try summary(document) }
        let tree = Result { () throws(JSONError) in
            try TreeDecisionBody.summary(document, setName: "accepted_charges_set")
        }
        switch (own, tree) {
        case (.success(let own), .success(let tree)):
            try #require(Array(own.utf8) == Array(tree.utf8), problem)
            return own
        case (.failure(let own), .failure(let tree)):
            try #require(own == tree, problem)
            // What we refuse and Foundation takes is refused for one of the known reasons.
            if FoundationOracle(document) != nil {
                try #require(FoundationOracle.Leniency(own, document) != nil, problem)
            }
            return nil
        default:
            try #require(Bool(false), problem)
            return nil
        }
    }

    @Test("Valid documents are read as the tree reads them", arguments: JSONGenerator.seeds)
    func goodDocumentsSayTheSame(seed: UInt64) throws {
        var taken = 0
        var refused = 0
        for seed in seed..<(seed + 1000) {
            var generator = JSONGenerator(seed: seed)
            let document = generator.document(generator.decisionBody())
            let summary = try expectAgreement(document, problem(seed, document))
            let told = try #require(summary, problem(seed, document))
            if told.contains("issing") || told.contains("must be") || told.contains("at most") {
                refused += 1
            } else {
                taken += 1
            }
        }
        // A generator whose charges are always or never good would test one side alone.
        #expect(taken > 200)
        #expect(refused > 200)
    }

    @Test("Damaged documents are read or refused as the tree does", arguments: JSONGenerator.seeds)
    func damagedDocumentsSayTheSame(seed: UInt64) throws {
        var read = 0
        for seed in seed..<(seed + 2000) {
            var generator = JSONGenerator(seed: seed)
            let document = generator.damaged(generator.document(generator.decisionBody()))
            if try expectAgreement(document, problem(seed, document)) != nil { read += 1 }
        }
        #expect((100..<1900).contains(read))
    }

    private func problem(_ seed: UInt64, _ document: [UInt8]) -> Comment {
        "seed \(seed): \(String(decoding: document, as: UTF8.self))"
    }
}
